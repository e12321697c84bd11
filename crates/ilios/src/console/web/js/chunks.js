// The chunks of a document, as a search index would get them.

import { h, button, copy, fill, save } from "./dom.js";
import { text } from "./api.js";
import { count, many } from "./format.js";
import { fault } from "./states.js";

const SIZES = [128, 256, 512, 1024, 2048];

function chunkCard(chunk, { onpoint, onpick }) {
  return h(
    "section.card.chunk",
    { onpointerenter: () => onpoint(chunk.blocks[0]), onpointerleave: () => onpoint() },
    h("div.row", null,
      h("span.badge", null, `#${chunk.index + 1}`),
      h("span.small.soft.grow.clip", null, chunk.context.join(" › ")),
      h("span.small.soft.numbers.nowrap", null, `${many(chunk.tokens, "token")} · p. ${chunk.pages.join(", ")} · ${chunk.kind}`),
      button("", (event) => copy(chunk.text, event.currentTarget), { kind: "quiet", icon: "copy", title: `Copy chunk ${chunk.index + 1}` }),
      chunk.blocks[0] && button("On the page", () => onpick(chunk.blocks[0]), { kind: "quiet" }),
    ),
    (chunk.doubts ?? []).length > 0 && h("p.small.soft", null, `Doubts: ${chunk.doubts.join(", ")}`),
    h("pre.chunk-text", { dir: "auto" }, chunk.text),
  );
}

/** The view of chunks; it asks the server anew when their size changes. */
export function chunksView({ id, name, signal, onpoint, onpick }) {
  const list = h("div.stack");
  let lines = "";
  const size = h("select", { id: "chunk-size", onchange: () => load() }, SIZES.map((tokens) => h("option", { value: tokens }, `${count(tokens)} tokens`)));
  size.value = 512;
  const overlap = h("select", { id: "chunk-overlap", onchange: () => load() }, [0, 32, 64].map((tokens) => h("option", { value: tokens }, tokens ? `${tokens} tokens` : "None")));
  const sum = h("span.soft.small.grow");
  async function load() {
    fill(sum, "Cutting…");
    try {
      lines = await text(`/api/documents/${id}`, { query: { format: "chunks", chunkTokens: size.value, chunkOverlap: overlap.value }, signal, title: `Chunks of ${name}` });
      const chunks = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      fill(sum, many(chunks.length, "chunk"));
      fill(list, chunks.map((chunk) => chunkCard(chunk, { onpoint, onpick })));
    } catch (problem) {
      if (problem.name !== "AbortError") fill(list, fault(problem, load));
    }
  }
  load();
  return h("div.stack", null,
    h("div.row.chunk-options", null,
      h("label", { for: "chunk-size" }, "At most"), h("div", null, size), h("label", { for: "chunk-overlap" }, "Overlap"), h("div", null, overlap), sum,
      button("Copy as JSON lines", (event) => copy(lines, event.currentTarget), { icon: "copy" }),
      button("", () => save(`${name}.chunks.jsonl`, lines, "application/x-ndjson"), { kind: "quiet", icon: "download", title: "Save as JSON lines" })),
    list);
}
