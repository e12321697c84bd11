// The tables of a document, to copy and to save.

import { h, button, copy, save } from "./dom.js";
import { rowsOf, table as drawn, walk } from "./blocks.js";
import { many } from "./format.js";
import { empty } from "./states.js";

/** All tables with the page that they are on and their caption. */
export function tablesOf(pages) {
  const found = [];
  const captions = new Map();
  for (const page of pages) {
    walk(page.blocks, (block) => {
      if (block.type === "table") found.push({ table: block, page: page.number });
      if (block.type === "figure" && block.data) found.push({ table: { ...block.data, id: block.id }, page: page.number });
      if (block.type === "caption" && block.for) captions.set(block.for, block.text);
    });
  }
  return found.map((one) => ({ ...one, caption: captions.get(one.table.id) }));
}

/** The table as lines of cells; a merged cell stands in its first position. */
function grid(table) {
  return rowsOf(table).map((row) => {
    const line = Array(table.columns).fill("");
    for (const cell of row) if (cell.column < line.length) line[cell.column] = cell.text ?? "";
    return line;
  });
}

const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A table as CSV (RFC 4180, lines end with a line feed). */
export const csv = (table) => grid(table).map((line) => line.map(quoted).join(",")).join("\n") + "\n";

const tsv = (table) => grid(table).map((line) => line.map((text) => text.replaceAll(/\s+/g, " ")).join("\t")).join("\n");

/** The view of all tables. */
export function tablesView({ tables, context, name, onpoint, onpick }) {
  if (tables.length === 0) return empty("No tables", "This document has none, or none was recognized.");
  const one = ({ table, page, caption }, place) =>
    h(
      "section.card.table-card",
      { data: { block: table.id }, onpointerenter: () => onpoint(table.id), onpointerleave: () => onpoint() },
      h("div.row", null, h("div.grow", null, h("h3", null, `Table ${place + 1}`), h("p.small.soft", null, caption ? `${caption} · ` : "", `Page ${page} · ${many(table.rows, "row")}, ${many(table.columns, "column")}`)),
        button("On the page", () => onpick(table.id), { kind: "quiet" })),
      h("div.row", null,
        button("Copy as CSV", (event) => copy(csv(table), event.currentTarget), { icon: "copy" }),
        button("For a spreadsheet", (event) => copy(tsv(table), event.currentTarget), { kind: "quiet", title: "Copy with tabs between cells, to paste into a spreadsheet" }),
        button("", () => save(`${name}-table-${place + 1}.csv`, csv(table), "text/csv;charset=utf-8"), { kind: "quiet", icon: "download", title: `Save table ${place + 1} as CSV` }),
      ),
      h("div.text.preview", null, drawn(table, context)),
    );
  return h("div.stack", null, tables.map(one));
}
