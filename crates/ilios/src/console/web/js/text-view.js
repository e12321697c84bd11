// The rendered document, page by page. Pages that are far are not laid out (`content-visibility`).

import { h } from "./dom.js";
import { render } from "./blocks.js";

const AT_ONCE = 12;

function doubtLine(doubt) {
  return h("p.doubt", null, h(`span.badge.${doubt.severity}`, null, doubt.severity === "low" ? "Note" : "Doubt"), " ", doubt.message);
}

function pageSection(page, context, several) {
  const doubts = (page.doubts ?? []).filter(({ message }) => message);
  const label = page.label && page.label !== String(page.number) ? `${page.label}` : `Page ${page.number}`;
  return h(
    "section.text-page",
    { data: { page: page.number }, lang: page.lang, "aria-label": label },
    several && h("p.page-label", { "aria-hidden": "true" }, label),
    doubts.map(doubtLine),
    page.blocks.filter(({ type }) => !["header", "footer", "page_number", "watermark", "comment"].includes(type)).map((block) => render(block, context)),
    page.blocks.length === 0 && page.markdown && h("pre.raw", null, page.markdown),
  );
}

/** Builds the text; further pages come while the first ones are read. */
export function textView({ pages, context, signal, onready }) {
  const body = h("article.text");
  let at = 0;
  const some = () => {
    if (signal.aborted) return;
    const until = Math.min(pages.length, at + AT_ONCE);
    for (; at < until; at += 1) body.append(pageSection(pages[at], context, pages.length > 1));
    if (at < pages.length) setTimeout(some, 0);
    else setTimeout(onready, 0);
  };
  some();
  return body;
}
