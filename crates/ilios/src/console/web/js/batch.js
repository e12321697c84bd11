// A batch: its documents, what failed, and all results in one file.

import { h, button, fill, save } from "./dom.js";
import { blob, call, follow } from "./api.js";
import { documentRow } from "./document-row.js";
import { count, many, moment } from "./format.js";
import { Rows } from "./rows.js";
import { badge, bar } from "./states.js";
import { say } from "./toast.js";

const DOWNLOADS = [["zip", "ZIP", "zip"], ["markdown", "One Markdown file", "md"], ["jsonl", "JSON lines", "jsonl"], ["chunks", "Chunks", "chunks.jsonl"]];

async function download(id, [format, label, end]) {
  try {
    save(`batch-${id}.${end}`, await blob(`/v1/batch/download/${id}`, { query: { format }, title: `The batch as ${label}` }));
  } catch (problem) {
    say(problem.message);
  }
}

export async function show(view, where) {
  const { id, signal } = where;
  const state = h("div.stack");
  const tools = h("div.row");
  let toldOver;
  const retry = async (failed, pressed) => {
    pressed.disabled = true;
    for (const { id: one, fileName } of failed) {
      await call("POST", `/api/documents/${one}/retry`, { title: `Try ${fileName} again`, signal }).catch((problem) => say(`${fileName}: ${problem.message}`));
    }
    show(view, where);
  };
  const rows = Rows.element({ label: "Documents of the batch", draw: (one) => documentRow(one) });
  view.classList.add("full");
  fill(view, h("header", null, h("div", null, h("h1", null, "Batch"), h("p.small.soft.mono", null, id)), tools), state, rows);
  const tell = ({ status, progress, documents, createdAt, completedAt }) => {
    const ended = progress.completed + progress.failed;
    const over = Boolean(completedAt);
    fill(state, h("div.row", null, badge(status), h("span.grow.numbers.nowrap", null, `${count(ended)} of ${many(progress.total, "document")}`), progress.failed > 0 && badge("failed", `${progress.failed} failed`), h("time.small.soft", { datetime: createdAt }, moment(createdAt))), !over && bar(ended / Math.max(1, progress.total), "Documents that have ended"));
    const known = new Map(rows.items.map((one) => [one.id, one]));
    rows.set(documents.map((one) => {
      const before = known.get(one.id);
      return before && before.status === one.status ? before : { ...one, createdAt: one.processedAt ?? createdAt };
    }));
    if (over === toldOver) return;
    toldOver = over;
    const failed = documents.filter(({ status: now }) => now === "failed");
    fill(tools, over ? [failed.length > 0 && button(`Retry ${many(failed.length, "failed one", "failed ones")}`, (event) => retry(failed, event.currentTarget), { icon: "retry" }), DOWNLOADS.map((kind, place) => button(kind[1], () => download(id, kind), { kind: place === 0 ? "first" : "", icon: place === 0 ? "download" : undefined }))] : button("Cancel", () => call("POST", `/v1/batch/${id}/cancel`, { title: "Cancel the batch" }).catch((problem) => say(problem.message)), { kind: "bad" }));
  };
  await follow(`/v1/batch/status/${encodeURIComponent(id)}`, { query: { details: true }, signal, every: 600, ended: ({ completedAt }) => Boolean(completedAt), ontell: tell, onaway: () => fill(state, h("p.note", null, "The server does not answer. Asking again…")) });
}
