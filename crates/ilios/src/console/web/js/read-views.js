// The views of a document's result, and the tabs that choose one.

import { h, button, copy, fill, save } from "./dom.js";
import { call } from "./api.js";
import { count } from "./format.js";
import { chunksView } from "./chunks.js";
import { picturesView } from "./pictures.js";
import { tablesView } from "./tables.js";
import { tree } from "./tree.js";
import { say } from "./toast.js";

function markdownView({ model, stem }) {
  return h("div.stack", null,
    h("div.row", null, h("span.grow.soft.small.numbers", null, `${count(model.content.length)} characters`), button("Copy", (event) => copy(model.content, event.currentTarget), { icon: "copy" }), button("Save", () => save(`${stem}.md`, model.content, "text/markdown;charset=utf-8"), { icon: "download" })),
    h("pre.raw", { dir: "auto", tabindex: "0" }, model.content));
}

function jsonView({ model, stem }) {
  const text = () => JSON.stringify(model, null, 2);
  return h("div.stack", null,
    h("div.row", null, h("span.grow.soft.small", null, "The document model, as format=json gives it"), button("Copy", (event) => copy(text(), event.currentTarget), { icon: "copy" }), button("Save", () => save(`${stem}.json`, text(), "application/json"), { icon: "download" })),
    tree(model, ["pages"]));
}

async function withPictures(reader) {
  try {
    await call("POST", `/api/documents/${reader.id}/reconvert`, { json: { images: "extract" }, title: `Convert ${reader.name} again` });
    say("It is being converted again. Open it once more in a moment.");
  } catch (problem) {
    say(problem.message);
  }
}

const VIEWS = {
  text: ["Read", (reader) => reader.text],
  markdown: ["Markdown", markdownView],
  tables: ["Tables", (reader) => tablesView({ tables: reader.tables, context: reader.context, name: reader.stem, onpoint: reader.point, onpick: reader.pick })],
  pictures: ["Pictures", (reader) => picturesView({ pictures: reader.pictures, again: () => withPictures(reader) })],
  chunks: ["Chunks", (reader) => chunksView({ id: reader.id, name: reader.stem, signal: reader.signal, onpoint: reader.point, onpick: reader.pick })],
  json: ["JSON", jsonView],
};

/** Tabs of the views; arrows go from one to the next. On narrow screens the pages are one of them. */
export function viewTabs(reader) {
  const built = new Map();
  const scrolled = new Map();
  const sums = { tables: reader.tables.length, pictures: reader.pictures.images.length };
  const tabs = Object.entries(VIEWS).map(([name, [label]]) => h("button.tab", { type: "button", role: "tab", data: { view: name }, onclick: () => state.choose(name) }, h("span", null, label), sums[name] > 0 && h("span.sum", null, count(sums[name]))));
  const sideTab = h("button.tab.side-tab", { type: "button", role: "tab", data: { view: "side" }, onclick: () => state.choose("side") }, reader.hasPages ? "Pages" : "Contents");
  const all = [sideTab, ...tabs];
  const step = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const visible = all.filter((tab) => tab.offsetParent);
    const next = visible[(visible.indexOf(document.activeElement) + by + visible.length) % visible.length];
    next.click();
    next.focus();
  };
  const element = h("div.tabs", { role: "tablist", "aria-label": "Views of the result", onkeydown: step }, all);
  const state = {
    element,
    now: "",
    choose(name) {
      if (name === this.now) return;
      if (this.now && this.now !== "side") scrolled.set(this.now, reader.panel.scrollTop);
      this.now = name;
      for (const tab of all) {
        const chosen = tab.dataset.view === name;
        tab.setAttribute("aria-selected", String(chosen));
        tab.tabIndex = chosen ? 0 : -1;
      }
      reader.view.classList.toggle("shows-side", name === "side");
      reader.view.classList.toggle("shows-text", name === "text" || name === "side");
      if (name === "side") return;
      if (!built.has(name)) built.set(name, VIEWS[name][1](reader));
      fill(reader.panel, built.get(name));
      reader.panel.scrollTop = scrolled.get(name) ?? 0;
    },
  };
  return state;
}
