// A list of any length: only the rows in sight are in the page.

import { h } from "./dom.js";

/** Rows beyond the ones in sight, on each side. */
const SPARE = 5;

/** All rows have one height, which `lists.css` knows as well. */
const height = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 3.6;

export class Rows extends HTMLElement {
  /** `draw(item)` makes the element of a row; `onend` is told when the last rows are near. */
  static element({ label, draw, onend }) {
    const list = document.createElement("ilios-rows");
    Object.assign(list, { items: [], drawn: new Map(), drawRow: draw, onend, space: h("div.space", { role: "list", "aria-label": label }) });
    list.tabIndex = -1;
    list.append(list.space);
    list.addEventListener("scroll", () => list.soon(), { passive: true });
    list.addEventListener("keydown", (event) => list.step(event));
    new ResizeObserver(() => list.soon()).observe(list);
    return list;
  }

  /** Replaces the items; rows of items that stay are kept. */
  set(items) {
    this.items = items;
    this.row = height();
    this.space.style.height = `${items.length * this.row}px`;
    for (const [item, slot] of this.drawn) {
      const at = items.indexOf(item, Math.max(0, slot.at - 1));
      if (at < 0) this.remove_(item);
      else this.put(slot, at);
    }
    this.update();
  }

  remove_(item) {
    this.drawn.get(item).remove();
    this.drawn.delete(item);
  }

  put(slot, at) {
    slot.at = at;
    slot.style.transform = `translateY(${at * this.row}px)`;
    slot.setAttribute("aria-posinset", at + 1);
    slot.setAttribute("aria-setsize", this.items.length);
  }

  soon() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.update();
    });
  }

  update() {
    this.row ??= height();
    const first = Math.max(0, Math.floor(this.scrollTop / this.row) - SPARE);
    const last = Math.min(this.items.length, Math.ceil((this.scrollTop + this.clientHeight) / this.row) + SPARE);
    for (const [item, slot] of this.drawn) if ((slot.at < first || slot.at >= last) && !slot.contains(document.activeElement)) this.remove_(item);
    for (let at = first; at < last; at += 1) {
      const item = this.items[at];
      if (this.drawn.has(item)) continue;
      const slot = h("div.slot", { role: "listitem" }, this.drawRow(item));
      this.put(slot, at);
      this.drawn.set(item, slot);
      // In the order of the list, for the tabulator and for screen readers.
      const after = this.drawn.get(this.items[at - 1]);
      if (after) after.after(slot);
      else this.space.prepend(slot);
    }
    if (last >= this.items.length - SPARE) this.onend?.();
  }

  /** Up and down go from row to row. */
  step(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const slot = event.target.closest?.(".slot");
    if (!by || !slot) return;
    event.preventDefault();
    for (let at = slot.at + by; at >= 0 && at < this.items.length; at += by) {
      if (at * this.row < this.scrollTop) this.scrollTop = at * this.row;
      if ((at + 1) * this.row > this.scrollTop + this.clientHeight) this.scrollTop = (at + 1) * this.row - this.clientHeight;
      this.update();
      const link = this.drawn.get(this.items[at])?.querySelector("a, button");
      if (link) return link.focus({ preventScroll: true });
    }
  }
}

customElements.define("ilios-rows", Rows);
