// Batches of the key, newest first.

import { h, button, fill } from "./dom.js";
import { get } from "./api.js";
import { many, moment, when } from "./format.js";
import { badge, bar, empty } from "./states.js";

function row({ batchId, status, progress, createdAt }) {
  const ended = progress.completed + progress.failed;
  return h(
    "tr",
    null,
    h("td", null, h("a", { href: `#/batches/${batchId}` }, many(progress.total, "document"))),
    h("td", null, h("time", { datetime: createdAt, title: moment(createdAt) }, when(createdAt))),
    h("td.wide", null, bar(ended / Math.max(1, progress.total), "Documents that have ended")),
    h("td.number", null, progress.failed ? `${progress.failed} failed` : ""),
    h("td", null, badge(status)),
  );
}

export async function show(view, { signal }) {
  const rows = h("tbody");
  const below = h("div");
  const list = h("div.scroll", null, h("table.data", null, h("thead", null, h("tr", null, ["Batch", "Sent", "Progress", "", "Status"].map((name) => h("th", { scope: "col" }, name)))), rows));
  async function more(cursor) {
    const { batches, nextCursor } = await get("/v1/batch", { query: { limit: 50, cursor }, signal, title: "List batches" });
    rows.append(...batches.map(row));
    fill(below, nextCursor && button("Older ones", () => more(nextCursor)));
    return batches.length;
  }
  const head = h("header", null, h("h1", null, "Batches"), h("a.button", { href: "#/convert" }, "Send one"));
  const some = await more();
  fill(view, head, some === 0 ? empty("No batches yet", "Drop several files or a folder, and they are one batch: followed together, downloaded together.", h("a.button", { href: "#/convert" }, "Drop some files")) : [list, below]);
}
