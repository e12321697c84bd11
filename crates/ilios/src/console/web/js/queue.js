// What waits and what is being converted, of this key; figures of the server and the workers of all where the key opens them.

import { h, button, fill } from "./dom.js";
import { ApiError, call, get, getAsAdmin, pause, text } from "./api.js";
import { documentRow } from "./document-row.js";
import { count, duration, when } from "./format.js";
import { badge, empty } from "./states.js";
import { say } from "./toast.js";

const EVERY = 2_000;
const NAMES = { 'ilios_queue_jobs{state="pending"}': "Waiting in the queue", 'ilios_queue_jobs{state="processing"}': "Converted by workers now", 'ilios_conversions{state="running"}': "Conversions running", 'ilios_conversions{state="waiting"}': "Conversions waiting for a turn", 'ilios_attempts_total{outcome="completed"}': "Completed since the start", 'ilios_attempts_total{outcome="failed"}': "Failed since the start" };

/** Figures of the server, or none where the key does not open them. */
async function figures(signal) {
  try {
    const lines = (await text("/metrics", { signal })).split("\n");
    const values = new Map(lines.map((line) => line.split(/ (?=\S+$)/)));
    return Object.entries(NAMES).filter(([name]) => values.has(name)).map(([name, label]) => [label, Number(values.get(name))]);
  } catch (problem) {
    if (problem instanceof ApiError && problem.status >= 400 && problem.status < 500) return null;
    throw problem;
  }
}

/** How long the first in line has waited, and which engines the line is for. */
function oldest({ groups }) {
  const waiting = groups.filter(({ pending }) => pending > 0);
  if (waiting.length === 0) return null;
  const age = Math.max(...waiting.map(({ oldestPendingSeconds = 0 }) => oldestPendingSeconds));
  return h("span.small.soft.numbers", null, `oldest for ${duration(age * 1000)} · ${waiting.map(({ engine, pending }) => `${count(pending)} ${engine}`).join(", ")}`);
}

/** Servers that share the queue, with what they convert. */
function workers({ nodes, workers: all, processing }) {
  const columns = [["Server"], ["Role"], ["Version"], ["Workers", ".number"], ["Converting", ".number"], ["Oldest", ".number"], ["Since"]];
  const row = ({ host, role, version, workers: own, processing: now, oldestProcessingSeconds, startedAt }) =>
    h("tr", null, h("td", null, host), h("td", null, role), h("td", null, version), h("td.number", null, count(own)), h("td.number", null, count(now)), h("td.number", null, oldestProcessingSeconds === undefined ? "–" : duration(oldestProcessingSeconds * 1000)), h("td", null, when(startedAt)));
  return h("section.card.stack.workers", null, h("div.row", null, h("h2.grow", null, "Workers"), h("span.small.soft.numbers", null, `${count(processing)} of ${count(all)} convert`)),
    h("div.scroll", null, h("table.data", null, h("thead", null, h("tr", null, columns.map(([name, kind = ""]) => h(`th${kind}`, { scope: "col" }, name)))), h("tbody", null, nodes.map(row)))));
}

const cancel = (one) => button("Cancel", () => call("POST", `/api/documents/${one.id}/cancel`, { title: `Cancel ${one.fileName}` }).catch((problem) => say(problem.message)), { kind: "bad" });

export async function show(view, { signal }) {
  const sums = h("div.figures");
  const list = h("section.recent");
  const servers = h("div");
  fill(view, h("header", null, h("h1", null, "Queue"), h("span.badge", null, "Looks again every 2 s")), sums, list, servers);
  let open = true;
  let opensWorkers = true;
  for (;;) {
    const [queue, running, waiting, values, nodes] = await Promise.all([
      get("/api/queue", { signal }),
      get("/api/documents", { query: { status: "processing", limit: 100 }, signal }),
      get("/api/documents", { query: { status: "pending", limit: 100 }, signal }),
      open ? figures(signal) : null,
      opensWorkers ? getAsAdmin("/api/admin/workers", { signal }) : null,
    ]);
    open = values !== null;
    opensWorkers = nodes !== null;
    fill(servers, nodes && workers(nodes));
    fill(sums, (values ?? []).map(([label, value]) => h("div.card.figure-card", null, h("b", null, count(value)), h("span.small.soft", null, label))));
    const documents = [...running.documents, ...waiting.documents];
    const focused = list.contains(document.activeElement);
    if (!focused) {
      fill(list, h("div.row", null, h("h2.grow", null, "Your documents"), badge("processing", `${count(queue.processing)} converting`), badge("pending", `${count(queue.pending)} waiting`), oldest(queue)),
        documents.length === 0 ? empty("Nothing waits", "Everything that was sent has ended.") : h("ul.plain-list", null, documents.map((one) => h("li", null, documentRow(one, cancel(one))))));
    }
    await pause(document.hidden ? EVERY * 5 : EVERY, signal);
  }
}
