// A document: its pages beside its text. Each block is known on both sides by its id.
//
//   pages ◄── point, pick, scroll ──► text | Markdown | chunks | tables | pictures | JSON

import { h, button, copy, fill } from "./dom.js";
import { ApiError, get } from "./api.js";
import { walk } from "./blocks.js";
import { fault } from "./states.js";
import { PageView } from "./page-view.js";
import { Pictures } from "./pictures.js";
import { textView } from "./text-view.js";
import { findField } from "./find.js";
import { header, notices, outline } from "./read-parts.js";
import { unready } from "./unready.js";
import { viewTabs } from "./read-views.js";
import { scrollTogether } from "./scrolling.js";
import { tablesOf } from "./tables.js";

/** Where each block is, and the doubts about it. */
function index(pages) {
  const places = new Map();
  const doubts = new Map();
  for (const page of pages) {
    for (const doubt of page.doubts ?? []) for (const id of doubt.blocks ?? []) doubts.set(id, doubt);
    walk(page.blocks, (block) => {
      const [first] = block.regions ?? [block];
      places.set(block.id, { page: first?.page ?? page.number, top: first?.bbox?.[1] });
      for (const item of block.items ?? []) places.set(item.id, places.get(item.blocks?.[0]?.id) ?? places.get(block.id));
      for (const cell of block.cells ?? []) places.set(`${block.id}.${cell.row}.${cell.column}`, { page: cell.page ?? page.number, top: cell.bbox?.[1] });
    });
  }
  return { places, doubts };
}

class Reader {
  constructor(view, model, signal) {
    Object.assign(this, { view, model, signal, id: model.id, name: model.fileName ?? model.metadata.fileName });
    Object.assign(this, index(model.pages));
    this.stem = this.name.replace(/\.[^.]*$/, "");
    this.pictures = new Pictures(this.id, model.images ?? [], signal);
    this.context = { address: (block) => `#/documents/${this.id}/${block}`, picture: (name, alt) => this.pictures.element(name, alt), doubts: this.doubts };
    this.tables = tablesOf(model.pages);
    this.point = this.point.bind(this);
    this.pick = this.pick.bind(this);
  }

  draw(where) {
    const { model, view, signal } = this;
    this.text = textView({ pages: model.pages, context: this.context, signal, onready: () => this.goTo(where) });
    this.hasPages = model.pages.some(({ width }) => width > 0);
    this.pages = this.hasPages ? PageView.element({ id: this.id, pages: model.pages, doubts: this.doubts, picture: (name) => this.pictures.address(name), onpick: this.pick, onpoint: this.point, signal }) : null;
    this.side = h("div.side", null, this.pages ?? outline(model, this.context));
    this.panel = h("div.panel", { role: "tabpanel", tabindex: "0", "aria-label": "Result" });
    this.tabs = viewTabs(this);
    const find = findField({ root: () => this.text, signal, onhit: (element) => { this.tabs.choose("text"); element.scrollIntoView({ block: "center" }); this.show(element.closest("[data-block]")?.dataset.block); } });
    view.classList.add("full");
    fill(view, header(this), h("div.reading-bar", null, this.tabs.element, find), notices(model), h(this.hasPages ? "div.reading" : "div.reading.no-pages", null, this.side, this.panel));
    this.listen();
    this.tabs.choose("text");
  }

  listen() {
    const { panel, signal } = this;
    const at = (event) => event.target.closest("[data-block]")?.dataset.block;
    panel.addEventListener("pointerover", (event) => this.tabs.now === "text" && this.point(at(event)), { signal });
    panel.addEventListener("pointerleave", () => this.point(), { signal });
    panel.addEventListener("click", (event) => {
      if (this.tabs.now === "text" && !event.target.closest("a, summary, button") && getSelection().isCollapsed) this.show(at(event));
    }, { signal });
    this.view.addEventListener("moved", ({ detail }) => this.goTo(detail), { signal });
    if (this.pages) scrollTogether(this.pages, panel, () => this.tabs.now === "text", signal);
  }

  /** Lights a block up on both sides. */
  point(id) {
    if (id === this.pointed) return;
    this.pointed = id;
    for (const element of this.text.querySelectorAll(".lit")) element.classList.remove("lit");
    if (id) this.inText(id)?.classList.add("lit");
    this.pages?.light(this.places.has(id) ? id : undefined);
  }

  inText(id) {
    return this.text.querySelector(`[data-block="${CSS.escape(id)}"]`);
  }

  /** Marks a block, and shows where it stands on the page. */
  show(id) {
    if (!id) return;
    for (const element of this.text.querySelectorAll(".chosen")) element.classList.remove("chosen");
    const element = this.inText(id);
    element?.classList.add("chosen");
    const place = this.places.get(id);
    if (place) this.pages?.choose(id, place.page, place.top);
    this.bar(id, element);
    history.replaceState(null, "", `#/documents/${this.id}/${id}`);
  }

  /** Marks a block, and shows where it stands in the text. */
  pick(id) {
    this.tabs.choose("text");
    this.show(id);
    this.inText(id)?.scrollIntoView({ block: "center" });
  }

  /** What can be done with the block that is marked. */
  bar(id, element) {
    this.view.querySelector(".block-bar")?.remove();
    const link = `${location.origin}/#/documents/${this.id}/${id}`;
    const place = this.places.get(id);
    this.view.append(h("div.block-bar", { role: "group", "aria-label": "The chosen block" }, h("code", null, id), place && h("span.small.soft.nowrap", null, `page ${place.page}`),
      button("Copy text", (event) => copy(element?.innerText ?? "", event.currentTarget), { kind: "quiet", icon: "copy" }), button("Copy link", (event) => copy(link, event.currentTarget), { kind: "quiet", icon: "link" }),
      button("", (event) => (event.currentTarget.parentElement.remove(), this.unmark()), { kind: "quiet", icon: "close", title: "Choose nothing" })));
  }

  unmark() {
    for (const element of this.view.querySelectorAll(".chosen")) element.classList.remove("chosen");
    history.replaceState(null, "", `#/documents/${this.id}`);
  }

  /** Follows a deep link. */
  goTo({ block, query }) {
    const page = Number(query?.get("page"));
    if (block) this.pick(block);
    else if (page) {
      this.text.querySelector(`.text-page[data-page="${page}"]`)?.scrollIntoView();
      this.pages?.choose(undefined, page);
    }
  }
}

export async function show(view, where) {
  const { id, signal } = where;
  fill(view, h("p.soft", null, "Opening…"));
  let model;
  try {
    model = await get(`/api/documents/${encodeURIComponent(id)}`, { query: { format: "json" }, signal, title: "Read the document" });
  } catch (problem) {
    if (problem instanceof ApiError && problem.code === "document_not_ready") return unready(view, where, () => show(view, where));
    if (problem instanceof ApiError && problem.status !== 401) return fill(view, h("header", null, h("h1", null, "Document")), fault(problem, () => show(view, where)));
    throw problem;
  }
  document.title = `${model.fileName} · Ilios`;
  new Reader(view, model, signal).draw(where);
}
