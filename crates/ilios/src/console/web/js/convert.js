// The first place: drop a document, see it converted.

import { h, button, icon, fill } from "./dom.js";
import { get } from "./api.js";
import { cancel, changes, convert, convertAll, isOver, jobs, forget } from "./jobs.js";
import { defaults, optionsInWords } from "./words.js";
import { optionsForm } from "./options.js";
import { taking, take } from "./files.js";
import { jobCard } from "./job-card.js";
import { documentRow } from "./document-row.js";
import { say } from "./toast.js";

const SAMPLE = "/console/annual-report.pdf";
const RECENT = 5;
const options = defaults();

async function sample() {
  const response = await fetch(SAMPLE);
  const bytes = await response.blob();
  take([new File([bytes], "annual-report.pdf", { type: "application/pdf" })]);
}

function chooser(props) {
  const field = h("input", { type: "file", hidden: true, tabindex: "-1", "aria-hidden": "true", ...props, onchange: () => (take([...field.files]), (field.value = "")) });
  return field;
}

function addressForm(onsend) {
  const field = h("input", { type: "url", required: true, placeholder: "https://example.org/report.pdf", "aria-label": "Address of a document" });
  return h("form.address.row", { hidden: true, onsubmit: (event) => (event.preventDefault(), onsend(field.value.trim()), (field.value = "")) }, h("div.grow", null, field), h("button.first", { type: "submit" }, "Fetch and convert"));
}

function dropZone(begin) {
  const one = chooser({ multiple: true, id: "files" });
  const folder = chooser({ webkitdirectory: true });
  const address = addressForm((url) => begin(() => [convert({ url }, options)]));
  const byAddress = button("From an address", () => {
    address.hidden = !address.hidden;
    byAddress.setAttribute("aria-expanded", String(!address.hidden));
    if (!address.hidden) address.querySelector("input").focus();
  }, { icon: "link" });
  byAddress.setAttribute("aria-expanded", "false");
  return h(
    "section.drop",
    { "aria-label": "Documents to convert" },
    h("div.sheet", { "aria-hidden": "true" }, icon("upload")),
    h("p.call", null, "Drop files or folders here"),
    h("p.soft.small", null, "PDF, Word, Excel, PowerPoint, OpenDocument, EPUB, web pages, e-mail, pictures and scans"),
    h("div.row", null, button("Choose files", () => one.click(), { kind: "first", icon: "file" }), button("Choose a folder", () => folder.click(), { icon: "folder" }), byAddress),
    one,
    folder,
    address,
  );
}

function optionsLine() {
  const words = h("span", null, optionsInWords(options));
  const form = optionsForm(options, () => fill(words, optionsInWords(options)));
  return h("details.choices.card", null, h("summary", null, h("strong", null, "Options"), words), form);
}

/** Opens what was converted, when it was one document and nothing else is going on here. */
function openWhenDone(job, signal) {
  const look = ({ detail }) => {
    if (detail !== job || job.phase !== "completed") return;
    changes.removeEventListener("change", look);
    if (jobs.every((other) => other === job || isOver(other))) location.hash = `#/documents/${job.id}`;
  };
  changes.addEventListener("change", look, { signal });
}

async function recent(place, signal) {
  const { documents } = await get("/api/documents", { query: { limit: RECENT }, signal });
  if (documents.length === 0) {
    fill(place, h("div.first-visit.row", null, h("p.soft", null, "No document at hand?"), button("Try the sample report", () => sample(), { icon: "file" })));
    return;
  }
  fill(place, h("div.row", null, h("h2.grow", null, "Recent documents"), h("a.small", { href: "#/documents" }, "All documents")), h("ul.plain-list", null, documents.map((one) => h("li", null, documentRow(one)))));
}

export async function show(view, { signal }) {
  const running = h("section.jobs", { "aria-label": "Conversions of this page", "aria-live": "off" });
  const cards = new Map();
  const add = (job) => {
    const card = jobCard(job, {
      oncancel: () => cancel(job).catch((problem) => say(problem.message)),
      onforget: () => (forget(job), card.element.remove()),
    });
    cards.set(job, card);
    running.prepend(card.element);
  };
  const begin = (start) => {
    const begun = start();
    if (begun.length === 1 && begun[0].kind === "document") openWhenDone(begun[0], signal);
  };
  changes.addEventListener("new", ({ detail }) => add(detail), { signal });
  changes.addEventListener("change", ({ detail }) => cards.get(detail)?.update(), { signal });
  [...jobs].reverse().forEach(add);
  const place = h("section.recent");
  fill(view, h("header", null, h("div", null, h("h1", null, "Documents in, Markdown out"), h("p.lead.soft", null, "Drop a document and read the result beside it."))), dropZone(begin), optionsLine(), running, place);
  taking((files) => begin(() => convertAll(files, { ...options })), signal);
  await recent(place, signal);
}
