// JSON as a tree that is built where it is opened.

import { h } from "./dom.js";

const AT_MOST = 500;

/** Characters of a text that are shown. */
const SHOWN = 300;

function leaf(value) {
  const kind = value === null ? "null" : typeof value;
  const text = JSON.stringify(value);
  return h(`span.json-${kind}`, null, text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${value.length} characters)` : text);
}

function label(value) {
  if (Array.isArray(value)) return value.every((one) => typeof one === "number") ? JSON.stringify(value) : `[${value.length}]`;
  const name = [value.type, value.id].filter((one) => typeof one === "string").join(" ");
  const text = typeof value.text === "string" ? value.text : "";
  return [name, text.length > 70 ? `${text.slice(0, 70)}…` : text].filter(Boolean).join(" · ") || "{…}";
}

function entry(name, value, open) {
  const isLeaf = value === null || typeof value !== "object" || (Array.isArray(value) && value.length < 9 && value.every((one) => typeof one === "number"));
  if (isLeaf) return h("div.json-leaf", null, h("span.json-name", null, `${name}: `), leaf(value));
  const branch = h("details", { data: typeof value.id === "string" ? { block: value.id } : {} }, h("summary", null, h("span.json-name", null, `${name} `), h("span.soft", null, label(value))));
  const grow = () => {
    if (!branch.open || branch.childElementCount > 1) return;
    const entries = Object.entries(value);
    branch.append(h("div.json-inner", null, entries.slice(0, AT_MOST).map(([key, inner]) => entry(key, inner, false)), entries.length > AT_MOST && h("p.soft.small", null, `and ${entries.length - AT_MOST} more; copy the JSON to see them`)));
  };
  branch.addEventListener("toggle", grow);
  if (open) {
    branch.open = true;
    grow();
  }
  return branch;
}

/** A tree of a value. */
export const tree = (value, open = []) => h("div.tree.mono", null, Object.entries(value).map(([name, inner]) => entry(name, inner, open.includes(name))));
