// Parts of the place where a document is read: its head, what is to be known of it, its contents.

import { h, button, copy, save } from "./dom.js";
import { blob, get } from "./api.js";
import { bytes, duration, many } from "./format.js";
import { deleteLater, say } from "./toast.js";

const ENGINES = { local: "by this server", mistral: "by Mistral", mixed: "by this server and Mistral", imported: "by an earlier version" };

function facts({ metadata }) {
  return [bytes(metadata.fileSize), many(metadata.extractedPages, "page"), duration(metadata.processingTimeMs), ENGINES[metadata.engine]].filter(Boolean).join(" · ");
}

/** The original may be in a bucket, which the page's policy lets no script read: its address is followed instead. */
async function saveOriginal({ id, name }) {
  try {
    const { url } = await get(`/api/documents/${id}/original`, { query: { redirect: false }, title: `The original of ${name}` });
    const elsewhere = new URL(url, location).origin !== location.origin;
    h("a", { href: url, download: name, target: elsewhere && "_blank", rel: "noopener" }).click();
  } catch (problem) {
    say(problem.message);
  }
}

const SAVED = [["markdown", "Markdown", "md"], ["html", "HTML", "html"], ["text", "Plain text", "txt"], ["json", "JSON", "json"], ["chunks", "Chunks", "jsonl"]];

function downloads({ id, name, stem }) {
  const item = ([format, label, end]) =>
    h("button.quiet", { type: "button", async onclick() {
      try {
        save(`${stem}.${end}`, await blob(`/api/documents/${id}`, { query: { format }, title: `${name} as ${label}` }));
      } catch (problem) {
        say(problem.message);
      }
    } }, label);
  const menu = h("details.menu", null, h("summary.button", null, "Download"), h("div", null, SAVED.map(item), h("button.quiet", { type: "button", onclick: () => saveOriginal({ id, name }) }, "The original")));
  menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget) || (menu.open = false));
  menu.addEventListener("keydown", (event) => event.key === "Escape" && (menu.open = false));
  return menu;
}

/** Name, facts and what can be done. */
export function header(reader) {
  const { model, id, name } = reader;
  const remove = () => {
    deleteLater({ id, fileName: name, onundo: () => (location.hash = `#/documents/${id}`) });
    location.hash = "#/documents";
  };
  return h(
    "header.document-head",
    null,
    h("div.grow", null, h("h1.clip", { title: name, dir: "auto" }, name), h("p.small.soft.numbers", null, facts(model))),
    h("div.row", null, button("Copy Markdown", (event) => copy(model.content, event.currentTarget), { kind: "first", icon: "copy" }), downloads(reader), button("", remove, { kind: "bad", icon: "trash", title: "Delete the document" })),
  );
}

/** Warnings and doubts in one line that opens. */
export function notices({ warnings = [], metadata, pages, partial }) {
  const said = warnings.length > 0 ? warnings : (metadata.warnings ?? []);
  const doubts = pages.flatMap((page) => (page.doubts ?? []).map((doubt) => ({ ...doubt, page: page.number })));
  if (said.length === 0 && doubts.length === 0 && !partial) return h("div", { hidden: true });
  const line = ({ page, message }) => h("li", null, page && h("b", null, `Page ${page}: `), message);
  const words = [partial && `Stopped after page ${partial.lastPage}: ${partial.reason}`, said.length > 0 && many(said.length, "warning"), doubts.length > 0 && many(doubts.length, "doubt")].filter(Boolean).join(" · ");
  return h("details.note", null, h("summary", null, words), h("ul", null, [...said, ...doubts].slice(0, 200).map(line)));
}

/** The headings, where there are no pages to draw. */
export function outline({ outline: headings = [] }, context) {
  if (headings.length === 0) return h("p.soft.small.no-outline", null, "No headings, and no pages to draw: this type has neither.");
  return h("nav.outline", { "aria-label": "Contents" }, h("ul", null, headings.map(({ level, text, block }) => h("li", { vars: { "--level": level } }, h("a", { href: context.address(block) }, text)))));
}
