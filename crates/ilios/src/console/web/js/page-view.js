// Pages drawn to scale: the picture of the page where the server gives one, else its lines set in place; boxes of
// blocks above it. A page is drawn when it comes near, and cleared when it is far, so that a thousand are as light as
// ten.

import { h, s, fill } from "./dom.js";
import { blob } from "./api.js";
import { cellId, walk } from "./blocks.js";

const DPI = 110;

function boxesOf(page) {
  const boxes = [];
  const add = (id, bbox, on, depth) => bbox && (on ?? page.number) === page.number && boxes.push({ id, bbox, depth });
  walk(page.blocks, (block) => {
    for (const region of block.regions ?? (block.bbox ? [block] : [])) add(block.id, region.bbox, region.page, block.type);
    for (const cell of block.cells ?? []) add(cellId(block, cell), cell.bbox, cell.page, "cell");
  });
  // Small boxes lie above those that they are in, for the pointer to reach them.
  const area = ({ bbox: [left, top, right, bottom] }) => (right - left) * (bottom - top);
  return boxes.sort((one, other) => area(other) - area(one));
}

/** Text set into a box: as high as the box, as wide as the box. */
function setLine({ bbox: [left, top, right, bottom], text, angle }, weight) {
  if (!text || right <= left || bottom <= top || angle) return null;
  const height = bottom - top;
  return s("text", { x: left, y: top + height * 0.78, "font-size": height * 0.82, textLength: right - left, lengthAdjust: "spacingAndGlyphs", "font-weight": weight, direction: "ltr" }, text);
}

function linesOf(page, pictures) {
  const drawn = [];
  const on = (place) => (place.page ?? page.number) === page.number;
  walk(page.blocks, (block) => {
    const weight = block.type === "heading" || block.type === "title" ? 650 : null;
    if (block.lines) drawn.push(...block.lines.filter(on).map((line) => setLine(line, weight)));
    else if (block.cells) drawn.push(...block.cells.filter((cell) => cell.bbox && !cell.blocks?.some(({ lines }) => lines)).map((cell) => setLine(cell, cell.header ? 650 : null)));
    else if (block.text && block.bbox && !block.items && block.bbox[3] - block.bbox[1] < 40) drawn.push(setLine(block, weight));
    if (block.type === "figure" && block.bbox) {
      const [left, top, right, bottom] = block.bbox;
      const size = { x: left, y: top, width: right - left, height: bottom - top };
      const frame = s("rect.picture", size);
      drawn.push(frame);
      if (block.image) pictures(block.image).then((href) => frame.after(s("image", { ...size, href, preserveAspectRatio: "none" })), () => {});
    }
  });
  return drawn;
}

/** The list of pages; `onpick` and `onpoint` tell of the block that is clicked or pointed at. */
export class PageView extends HTMLElement {
  static element({ id, pages, doubts, picture, onpick, onpoint, signal }) {
    const view = document.createElement("ilios-pages");
    Object.assign(view, { documentId: id, doubts, picture, signal, addresses: [], pictured: true });
    view.pages = pages.filter(({ width, height }) => width > 0 && height > 0);
    view.tabIndex = 0;
    view.setAttribute("role", "group");
    view.setAttribute("aria-label", "Pages");
    view.draw();
    const at = (event) => event.target.closest("[data-block]")?.dataset.block;
    view.addEventListener("pointerover", (event) => onpoint(at(event)));
    view.addEventListener("pointerleave", () => onpoint());
    view.addEventListener("click", (event) => at(event) && onpick(at(event)));
    signal.addEventListener("abort", () => view.end());
    return view;
  }

  draw() {
    this.frames = new Map();
    for (const page of this.pages) {
      const frame = h("figure.page", { data: { page: page.number }, vars: { "--ratio": page.width / page.height } }, h("div.leaf"), h("figcaption.small.soft", null, `Page ${page.label && page.label !== String(page.number) ? `${page.label} (${page.number})` : page.number}`));
      frame.page = page;
      this.frames.set(page.number, frame);
      this.append(frame);
    }
    this.near = new IntersectionObserver((seen) => seen.forEach(({ target, isIntersecting }) => (isIntersecting ? this.open(target) : this.close(target))), { root: this, rootMargin: "120% 0px" });
    for (const frame of this.frames.values()) this.near.observe(frame);
  }

  open(frame) {
    if (frame.opened) return;
    frame.opened = true;
    const { page } = frame;
    const stroke = Math.max(page.width, page.height) / 800;
    const boxes = boxesOf(page).map(({ id, bbox: [left, top, right, bottom] }) =>
      s(this.doubts.has(id) ? "rect.box.doubted" : "rect.box", { x: left - 2 * stroke, y: top - 2 * stroke, width: right - left + 4 * stroke, height: bottom - top + 4 * stroke, rx: 3 * stroke, data: { block: id } }),
    );
    const drawing = s("svg", { viewBox: `0 0 ${page.width} ${page.height}`, role: "img", "aria-label": `Page ${page.number}` }, s("rect.paper", { width: page.width, height: page.height }), s("g.lines", null, linesOf(page, this.picture)), s("g", null, boxes));
    fill(frame.firstChild, drawing);
    if (this.lit) this.mark(frame, this.lit, "lit");
    if (this.chosen) this.mark(frame, this.chosen, "chosen");
    this.photograph(frame, drawing);
  }

  /** Puts the picture of the page below its boxes; a server without them is asked once. */
  async photograph(frame, drawing) {
    if (this.first) await this.first;
    if (!this.pictured || !drawing.isConnected) return;
    const fetched = blob(`/api/documents/${this.documentId}/pages/${frame.page.number}.png`, { query: { dpi: DPI }, signal: this.signal });
    this.first ??= fetched.catch((problem) => {
      if (problem.status >= 400 && problem.status < 500) this.pictured = false;
    });
    try {
      const href = URL.createObjectURL(await fetched);
      if (!drawing.isConnected) return URL.revokeObjectURL(href);
      frame.address = href;
      drawing.querySelector(".lines").replaceWith(s("image.photo", { width: frame.page.width, height: frame.page.height, href, preserveAspectRatio: "none" }));
    } catch {
      // The lines of the page stay.
    }
  }

  close(frame) {
    if (!frame.opened) return;
    frame.opened = false;
    frame.firstChild.replaceChildren();
    if (frame.address) URL.revokeObjectURL(frame.address);
    frame.address = null;
  }

  mark(where, id, name) {
    for (const box of where.querySelectorAll(`[data-block="${CSS.escape(id)}"]`)) box.classList.add(name);
  }

  /** Lights the boxes of a block up, or none. */
  light(id) {
    if (this.lit === id) return;
    for (const box of this.querySelectorAll(".lit")) box.classList.remove("lit");
    this.lit = id;
    if (id) this.mark(this, id, "lit");
  }

  /** Marks a block and brings its page into view. */
  choose(id, page, top) {
    for (const box of this.querySelectorAll(".chosen")) box.classList.remove("chosen");
    this.chosen = id;
    const frame = this.frames.get(page);
    if (!frame) return;
    this.open(frame);
    if (id) this.mark(this, id, "chosen");
    const share = top === undefined ? 0 : top / frame.page.height;
    const y = frame.offsetTop + share * frame.firstChild.clientHeight - (top === undefined ? 16 : this.clientHeight / 3);
    this.scrollTo({ top: y, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** The page at the top, and how much of it is above. */
  get position() {
    const top = this.scrollTop + 8;
    for (const frame of this.frames.values()) {
      if (frame.offsetTop + frame.offsetHeight > top) return { page: frame.page.number, share: Math.max(0, (top - frame.offsetTop) / frame.offsetHeight) };
    }
    return { page: 1, share: 0 };
  }

  set position({ page, share }) {
    const frame = this.frames.get(page);
    if (frame) this.scrollTop = frame.offsetTop + share * frame.offsetHeight - 8;
  }

  end() {
    this.near.disconnect();
    for (const frame of this.frames.values()) this.close(frame);
  }
}

customElements.define("ilios-pages", PageView);
