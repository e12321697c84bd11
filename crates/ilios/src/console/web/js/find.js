// Finding words in the text. Hits are painted by the browser (CSS custom highlights), so that nothing in the text
// changes.

import { h, button } from "./dom.js";
import { count } from "./format.js";

const AT_MOST = 2000;

function hits(root, wanted) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const ranges = [];
  for (let node = walker.nextNode(); node && ranges.length < AT_MOST; node = walker.nextNode()) {
    const text = node.data.toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0 && ranges.length < AT_MOST; at = text.indexOf(wanted, at + wanted.length)) {
      // Small letters of a few characters are longer than their capitals.
      if (at + wanted.length > node.length) break;
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      ranges.push(range);
    }
  }
  return ranges;
}

/** The field that finds words; `onhit` gets the element of a hit. */
export function findField({ root, onhit, signal }) {
  const painted = CSS.highlights;
  let ranges = [];
  let at = -1;
  const told = h("span.small.soft.numbers.nowrap", { role: "status" });
  const go = (step) => {
    if (ranges.length === 0) return;
    at = (at + step + ranges.length) % ranges.length;
    painted?.set("found-one", new Highlight(ranges[at]));
    told.textContent = `${count(at + 1)} of ${count(ranges.length)}${ranges.length === AT_MOST ? "+" : ""}`;
    onhit(ranges[at].startContainer.parentElement);
  };
  const look = () => {
    const wanted = field.value.trim().toLowerCase();
    ranges = wanted.length > 1 ? hits(root(), wanted) : [];
    at = -1;
    painted?.delete("found-one");
    painted?.set("found", new Highlight(...ranges));
    told.textContent = wanted.length > 1 && ranges.length === 0 ? "Not found" : "";
    if (ranges.length > 0) go(1);
  };
  let timer;
  const field = h("input", {
    type: "search", placeholder: "Find in the text", "aria-label": "Find in the text",
    oninput: () => (clearTimeout(timer), (timer = setTimeout(look, 160))),
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), go(event.shiftKey ? -1 : 1)),
  });
  signal.addEventListener("abort", () => (painted?.delete("found"), painted?.delete("found-one")));
  return h("div.find.row", null, field, told, button("", () => go(1), { kind: "quiet", title: "Next", icon: "next" }));
}
