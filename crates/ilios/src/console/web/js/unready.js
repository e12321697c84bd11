// A document that has no result: it waits, or it failed, and then why and what to do.

import { h, button, fill } from "./dom.js";
import { call, follow } from "./api.js";
import { bytes, moment } from "./format.js";
import { badge, fault } from "./states.js";
import { deleteLater, say } from "./toast.js";
import { jobCard } from "./job-card.js";

function failed(view, answer, again) {
  const retry = async () => {
    try {
      await call("POST", `/api/documents/${answer.id}/retry`, { title: `Try ${answer.fileName} again` });
      again();
    } catch (problem) {
      say(problem.message);
    }
  };
  const remove = () => {
    deleteLater({ id: answer.id, fileName: answer.fileName, onundo: () => (location.hash = `#/documents/${answer.id}`) });
    location.hash = "#/documents";
  };
  fill(view,
    h("header", null, h("div", null, h("h1.clip", null, answer.fileName), h("p.small.soft", null, `${bytes(answer.fileSize)} · ${moment(answer.createdAt)}`)), badge(answer.errorCode === "cancelled" ? "cancelled" : "failed")),
    fault({ message: answer.error ?? "It failed.", errorCode: answer.errorCode ?? "internal" }),
    h("div.row", null, button("Try again", retry, { kind: "first", icon: "retry" }), button("Delete", remove, { kind: "bad", icon: "trash" }), h("a.button", { href: "#/convert" }, "Convert another")),
    answer.errorCode && h("p.small.soft", null, "Code ", h("code", null, answer.errorCode), ". It means the same in every answer of the API."));
}

/** Follows the document until it has a result. */
export async function unready(view, { id, signal }, again) {
  const job = { kind: "document", id, name: "", phase: "pending" };
  const card = jobCard(job, { oncancel: () => call("POST", `/api/documents/${id}/cancel`, { title: `Cancel ${job.name}` }).catch((problem) => say(problem.message)), onforget: () => (location.hash = "#/documents") });
  fill(view, h("header", null, h("h1", null, "Not converted yet")), card.element);
  const end = await follow(`/api/documents/status/${id}`, {
    signal,
    ended: ({ status }) => status !== "pending" && status !== "processing",
    onaway: () => card.update(Object.assign(job, { away: true })),
    ontell: ({ status, fileName, fileSize, progress, queuePosition }) => card.update(Object.assign(job, { away: false, name: fileName, size: fileSize, phase: status, progress, queuePosition })),
  });
  if (end.status === "failed") failed(view, end, again);
  else again();
}
