// A conversion while it goes on: what it does, how far it is, how long it will take.

import { h, button, fill, icon } from "./dom.js";
import { bytes, count, duration, many } from "./format.js";
import { isOver } from "./jobs.js";
import { badge, bar, fault } from "./states.js";

/** Pages that are drawn one by one; more are a bar. */
const DRAWN = 80;

function pages({ pagesDone, pages: all }) {
  if (all > DRAWN) return bar(pagesDone / all, "Pages converted");
  const cells = Array.from({ length: all }, (_, page) => h(page < pagesDone ? "i.done" : "i"));
  return h("div.cells", { role: "progressbar", "aria-label": "Pages converted", "aria-valuemin": 0, "aria-valuemax": all, "aria-valuenow": pagesDone }, cells);
}

function timeLeft({ progress, converting }) {
  if (!progress?.pagesDone || !converting || converting < 1500) return "";
  const rate = progress.pagesDone / converting;
  return `${(rate * 1000).toFixed(1)} pages/s, ${duration((progress.pages - progress.pagesDone) / rate)} left`;
}

function stands(job) {
  if (job.away) return "The server does not answer. Asking again…";
  if (job.batch) return `${count(job.batch.completed + job.batch.failed)} of ${many(job.batch.total, "document")}${job.batch.failed ? `, ${job.batch.failed} failed` : ""}`;
  if (job.phase === "sending") return job.share < 1 ? `Sending, ${Math.round(job.share * 100)} %` : "Sent; the server is storing it";
  if (job.phase === "pending") return job.queuePosition > 1 ? `Waiting: ${count(job.queuePosition)} in line` : "Next in line";
  if (job.phase === "processing" && job.progress) return [`Page ${count(job.progress.pagesDone)} of ${count(job.progress.pages)}`, timeLeft(job)].filter(Boolean).join(" · ");
  if (job.phase === "processing") return "Converting";
  if (job.phase === "completed" && job.metadata) return `${many(job.metadata.extractedPages, "page")} in ${duration(job.metadata.processingTimeMs)}`;
  return "";
}

function progress(job) {
  if (job.batch) return bar((job.batch.completed + job.batch.failed) / Math.max(1, job.batch.total), "Documents converted");
  if (job.progress) return pages(job.progress);
  return job.phase === "sending" ? bar(job.share, "Sent") : null;
}

/** A card that follows a job. */
export function jobCard(job, { oncancel, onforget }) {
  const element = h("article.job.card");
  const update = () => {
    const over = isOver(job);
    const focused = element.contains(document.activeElement) && document.activeElement.dataset.act;
    const place = job.kind === "batch" ? `#/batches/${job.id}` : `#/documents/${job.id}`;
    const open = job.id && (job.phase === "completed" || job.kind === "batch") && h("a.button", { href: place }, job.kind === "batch" ? "Look at it" : "Read");
    const stop = over ? button("", onforget, { kind: "quiet", icon: "close", title: `Take ${job.name} off the list` }) : button("Cancel", oncancel, { kind: "bad" });
    stop.dataset.act = "stop";
    fill(
      element,
      h("div.row", null, icon(job.kind === "batch" ? "folder" : "file"), h("h3.clip.grow", { title: job.name }, job.name), badge(job.phase), open, stop),
      !over && progress(job),
      h("p.small.soft.numbers", null, [stands(job), job.size && bytes(job.size)].filter(Boolean).join(" · ")),
      job.phase === "failed" && job.problem && fault(job.problem),
    );
    if (focused) element.querySelector("[data-act]").focus();
  };
  update();
  return { element, update };
}
