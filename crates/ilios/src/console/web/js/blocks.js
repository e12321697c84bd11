// Blocks of the document model as elements. What a document says becomes text nodes; addresses are checked.

import { h } from "./dom.js";
import { bytes } from "./format.js";

const SAFE = /^(https?:|mailto:|tel:)/i;

/** Marks of runs, from the inside out. */
const MARKS = [["code", "code"], ["superscript", "sup"], ["subscript", "sub"], ["bold", "strong"], ["italic", "em"], ["underline", "u"], ["strike", "s"], ["highlight", "mark"], ["inserted", "ins"], ["deleted", "del"]];

function linked(link, inner, context) {
  if (link.block) return h("a", { href: context.address(link.block) }, inner);
  if (typeof link.href === "string" && SAFE.test(link.href)) return h("a", { href: link.href, target: "_blank", rel: "noopener noreferrer", title: link.href }, inner);
  return inner;
}

function run(one, context) {
  if (one.break) return h("br");
  let inner = one.formula ? h("code.formula", null, one.formula.tex ?? one.formula.text) : (one.text ?? "");
  if (one.image) inner = context.picture(one.image, one.text ?? "");
  if (one.ruby) inner = h("ruby", null, inner, h("rt", null, one.ruby));
  for (const [name, tag] of MARKS) if (one[name]) inner = h(tag, null, inner);
  if (one.smallCaps) inner = h("span.small-caps", null, inner);
  if (one.link) inner = linked(one.link, inner, context);
  if (one.note) inner = h("sup", null, h("a", { href: context.address(one.note) }, inner));
  return one.lang ? h("span", { lang: one.lang }, inner) : inner;
}

const runs = (block, context) => (block.inlines ? block.inlines.map((one) => run(one, context)) : (block.text ?? ""));

const within = (blocks, context) => (blocks ?? []).map((block) => render(block, context));

function list(block, context) {
  const tag = block.ordered ? "ol" : "ul";
  const type = { alpha: "a", roman: "i" }[block.style];
  const item = (one) => {
    const box = one.checked === undefined ? null : h("input", { type: "checkbox", checked: one.checked, disabled: true, "aria-label": "checked" });
    return h(one.marker || box ? "li.marked" : "li", { data: { block: one.id } }, box, one.marker && h("span.marker", null, one.marker), within(one.blocks, context));
  };
  return h(tag, { start: block.start > 1 ? block.start : null, type }, (block.items ?? []).map(item));
}

/** A cell's name: cells have no id of their own. */
export const cellId = (table, { row, column }) => `${table.id}.${row}.${column}`;

/** The cells of a table by rows. */
export function rowsOf(table) {
  const rows = Array.from({ length: table.rows }, () => []);
  for (const cell of table.cells ?? []) rows[cell.row]?.push(cell);
  for (const row of rows) row.sort((one, other) => one.column - other.column);
  return rows;
}

const NUMBER = /^[-\u2212+(]?[$\u20ac\u00a3]?\s?\d[\d.,\s\u00a0']*[)%]?$/;

/** Alignment of the columns: as the document says, and numbers to the right where it says nothing. */
function alignment(block) {
  const align = [...(block.align ?? [])];
  const numbers = new Map();
  for (const { column, header, text, columnSpan } of block.cells ?? []) {
    if (header === "column" || !text || columnSpan > 1) continue;
    numbers.set(column, (numbers.get(column) ?? true) && NUMBER.test(text));
  }
  for (const [column, all] of numbers) if (all) align[column] ??= "right";
  return align;
}

/** A table as an element. */
export function table(block, context) {
  const aligned = alignment(block);
  const cell = (one) => {
    const tag = one.header ? "th" : "td";
    const scope = { column: "col", row: "row", section: "colgroup" }[one.header];
    const spans = { rowspan: one.rowSpan > 1 ? one.rowSpan : null, colspan: one.columnSpan > 1 ? one.columnSpan : null };
    const align = aligned[one.column];
    return h(align ? `${tag}.${align}` : tag, { scope, ...spans, dir: "auto", title: one.formula ? `= ${one.formula}` : null, data: { block: cellId(block, one) } }, one.blocks?.length ? within(one.blocks, context) : one.text);
  };
  return h("div.scroll", { tabindex: "0", role: "region", "aria-label": "Table" }, h("table", null, h("tbody", null, rowsOf(block).map((row) => h("tr", null, row.map(cell))))));
}

function figure(block, context) {
  const picture = block.image ? context.picture(block.image, block.alt ?? "") : h("div.no-picture", null, block.alt || { chart: "Chart", diagram: "Diagram" }[block.kind] || "Picture");
  const inner = block.blocks?.length ? h("details", null, h("summary", null, "Text in the picture"), within(block.blocks, context)) : null;
  return h("figure", null, picture, block.data && table({ ...block.data, id: block.id }, context), inner);
}

function field(block) {
  const value = block.kind === "checkbox" || block.kind === "radio" ? (block.checked ? "☑" : "☐") : block.value || "–";
  return h("p.form-field", null, h("span.soft", null, block.label ?? block.name ?? "Field"), " ", h("span", null, value));
}

const signed = (block) => [block.author, block.date?.slice(0, 10)].filter(Boolean).join(", ");

const WRITERS = {
  title: (block, context) => h("h2.doc-title", null, runs(block, context)),
  heading: (block, context) => h(`h${Math.min(6, block.level + 1)}`, null, block.number && h("span.number", null, `${block.number} `), runs(block, context)),
  line_block: (block, context) => h("p.lines", null, runs(block, context)),
  aside: (block, context) => h("aside", null, runs(block, context)),
  list,
  definition_list: (block, context) => h("dl", null, (block.items ?? []).map((item) => [h("dt", null, (item.term ?? []).map((one) => run(one, context))), h("dd", null, within(item.blocks, context))])),
  table,
  figure,
  caption: (block, context) => h("p.caption", null, runs(block, context)),
  code: (block) => h("pre", { tabindex: "0" }, h("code", { dir: "ltr" }, block.text)),
  quote: (block, context) => h("blockquote", null, within(block.blocks, context)),
  formula: (block) => h("pre.formula", { tabindex: "0" }, h("code", null, block.tex ?? block.text)),
  footnote: (block, context) => h("div.footnote", null, h("span.marker", null, block.label), within(block.blocks, context)),
  reference: (block, context) => h("p.reference", null, runs(block, context)),
  toc: (block, context) => h("ul.toc", null, (block.entries ?? []).map((entry) => h("li", { vars: { "--level": entry.level ?? 1 } }, entry.target ? h("a", { href: context.address(entry.target) }, entry.text) : entry.text, entry.page && h("span.soft", null, ` ${entry.page}`)))),
  field,
  group: (block, context) => h("section.group", null, block.title && h("p.group-title", null, block.title), within(block.blocks, context)),
  comment: (block) => h("aside.comment", null, h("span.soft.small", null, signed(block)), " ", block.text),
  attachment: (block) => h("p.attachment", null, block.name, h("span.soft.small", null, ` ${block.mimeType ?? ""} ${block.size === undefined ? "" : bytes(block.size)}`)),
  stamp: (block) => h("p.stamp", null, block.text),
  rule: () => h("hr"),
};

const FURNITURE = ["header", "footer", "page_number", "watermark"];

/**
 * A block as an element that carries its id.
 * @param context `{ address(block), picture(name, alt), doubts: Map }`
 */
export function render(block, context) {
  const write = WRITERS[block.type] ?? ((one, given) => h("p", null, runs(one, given)));
  const element = FURNITURE.includes(block.type) ? h("p.furniture", { title: block.type.replace("_", " ") }, runs(block, context)) : write(block, context);
  element.dataset.block = block.id;
  element.dir = block.dir ?? "auto";
  if (block.lang) element.lang = block.lang;
  const doubt = context.doubts?.get(block.id);
  if (doubt) {
    element.classList.add("doubted");
    element.title = doubt.message;
  }
  return element;
}

/** Calls `visit` with a block and all blocks in it. */
export function walk(blocks, visit) {
  for (const block of blocks ?? []) {
    visit(block);
    walk(block.blocks, visit);
    for (const item of block.items ?? []) walk(item.blocks, visit);
    for (const cell of block.cells ?? []) walk(cell.blocks, visit);
  }
}
