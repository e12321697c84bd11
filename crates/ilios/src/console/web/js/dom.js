// Makes elements. Text is always a text node and no markup is ever parsed, so what a document says stays text.

const SVG = "http://www.w3.org/2000/svg";

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
  return parent;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "vars") for (const [key, given] of Object.entries(value)) element.style.setProperty(key, given);
  else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

function named(make, name) {
  const [tag, ...classes] = name.split(".");
  const element = make(tag || "div");
  if (classes.length > 0) element.setAttribute("class", classes.join(" "));
  return element;
}

/** Makes an HTML element: `h("p.lead", { lang: "en" }, "text", child)`. */
export function h(name, props, ...children) {
  const element = named((tag) => document.createElement(tag), name);
  for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
  return append(element, children);
}

/** Makes an SVG element. */
export function s(name, props, ...children) {
  const element = named((tag) => document.createElementNS(SVG, tag), name);
  for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
  return append(element, children);
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const PATHS = {
  upload: "M12 16V4m0 0 5 5m-5-5L7 9M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3",
  folder: "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1m2 4a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  copy: "M9 9h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1zM5 15H4V4a1 1 0 0 1 1-1h10v1",
  download: "M12 4v12m0 0 5-5m-5 5-5-5M4 20h16",
  code: "m8 7-5 5 5 5m8-10 5 5-5 5",
  trash: "M4 7h16M9 7V4h6v3m-8 0 1 13h8l1-13",
  close: "m6 6 12 12M18 6 6 18",
  retry: "M4 11a8 8 0 1 1 2 6M4 20v-5h5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zm5-2 5 5",
  key: "M14 10a4 4 0 1 0-4 4l1-1h2v-2h2zM13 11l7 7v3h-3v-2h-2v-2",
  check: "m5 12 5 5L20 7",
  warn: "M12 4 2 20h20zm0 6v5m0 2.5v.5",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  next: "m6 9 6 6 6-6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
};

/** Draws an icon; it is hidden from screen readers, for a word stands beside it or in its button. */
export function icon(name) {
  return s("svg.icon", { viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: PATHS[name] }));
}

/** Makes a button. */
export function button(label, onclick, { kind = "", icon: picture, title, pressed } = {}) {
  const name = kind ? `button.${kind}` : "button";
  return h(name, { type: "button", onclick, title, "aria-label": title, "aria-pressed": pressed }, picture && icon(picture), label && h("span", null, label));
}

/** Copies text, and says so in the button. */
export async function copy(text, pressed) {
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
  said(pressed, "Copied");
}

/** The way for pages by plain http from another machine, to which browsers give no clipboard. */
function copyBySelection(text) {
  const field = h("textarea.hidden-label", { value: text });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Shows a word in a button for a moment. */
export function said(pressed, word) {
  const label = pressed?.querySelector("span");
  if (!label || label.dataset.before !== undefined) return;
  label.dataset.before = label.textContent;
  label.textContent = word;
  pressed.classList.add("said");
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
    pressed.classList.remove("said");
  }, 1600);
}

/** Saves bytes or text under a name. */
export function save(name, content, type = "text/plain;charset=utf-8") {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
