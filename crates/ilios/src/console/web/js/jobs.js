// Conversions that this page has begun. They go on while other places are looked at.
//
//   sending ──► pending ──► processing ──► completed | failed
//      └── cancel: the upload ends, or the server is told

import { call, events as apiEvents, follow, record, upload } from "./api.js";

/** The most files of a batch. */
const BATCH = 100;

export const jobs = [];
/** Tells of each change with the job. */
export const changes = new EventTarget();

const changed = (job, facts) => {
  Object.assign(job, facts);
  changes.dispatchEvent(new CustomEvent("change", { detail: job }));
};

const fieldsOf = (options) => Object.entries(options).filter(([, value]) => value !== "");

function begun(facts) {
  const job = { phase: "sending", share: 0, begun: performance.now(), controller: new AbortController(), ...facts };
  jobs.unshift(job);
  changes.dispatchEvent(new CustomEvent("new", { detail: job }));
  return job;
}

async function send(job, path, form) {
  return upload(path, form, { signal: job.controller.signal, onprogress: (share) => changed(job, { share }) });
}

/** Runs the steps of a job; a fault is its end. */
async function run(job, steps) {
  try {
    await steps();
  } catch (problem) {
    if (problem.name === "AbortError") changed(job, { phase: "cancelled" });
    else changed(job, { phase: "failed", problem });
  }
}

async function followDocument(job) {
  let first = 0;
  await follow(`/api/documents/status/${job.id}`, {
    signal: job.controller.signal,
    ended: ({ status }) => status !== "pending" && status !== "processing",
    onaway: () => changed(job, { away: true }),
    ontell(answer) {
      if (answer.status === "processing" && !first) first = performance.now();
      const { status, progress, queuePosition, metadata, error, errorCode } = answer;
      const problem = status === "failed" ? { message: error, errorCode } : undefined;
      changed(job, { phase: errorCode === "cancelled" ? "cancelled" : status, progress, queuePosition, metadata, problem, away: false, converting: first && performance.now() - first });
    },
  });
}

/** Converts a file, or the document at an address. */
export function convert({ file, url }, options) {
  const job = begun({ kind: "document", name: file?.name ?? url, size: file?.size });
  const form = new FormData();
  const fields = fieldsOf(options);
  for (const [name, value] of fields) form.append(name, value);
  if (file) form.append("file", file, file.name);
  else form.append("url", url);
  record(`Convert ${job.name}`, "POST", "/api/documents/submit", { fields: [...fields, file ? ["file", { file: file.name }] : ["url", url]] });
  run(job, async () => {
    const answer = await send(job, "/api/documents/submit", form);
    changed(job, { id: answer.id, phase: "pending", size: answer.fileSize ?? job.size, name: answer.fileName ?? job.name });
    await followDocument(job);
  });
  return job;
}

function convertBatch(files, options) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const job = begun({ kind: "batch", name: `${files.length} files`, size });
  const form = new FormData();
  const fields = fieldsOf(options);
  for (const [name, value] of fields) form.append(name, value);
  for (const file of files) form.append("files", file, file.name);
  record(`Convert ${job.name}`, "POST", "/v1/batch/submit", { fields: [...fields, ...files.map((file) => ["files", { file: file.name }])] });
  run(job, async () => {
    const { batchId } = await send(job, "/v1/batch/submit", form);
    changed(job, { id: batchId, phase: "pending" });
    await follow(`/v1/batch/status/${batchId}`, {
      signal: job.controller.signal,
      ended: ({ completedAt }) => Boolean(completedAt),
      onaway: () => changed(job, { away: true }),
      ontell: ({ status, progress }) => changed(job, { phase: status, batch: progress, away: false }),
    });
  });
  return job;
}

/** Converts files: one as a document, more as batches. */
export function convertAll(files, options) {
  if (files.length === 1) return [convert({ file: files[0] }, options)];
  const begunJobs = [];
  for (let at = 0; at < files.length; at += BATCH) begunJobs.push(convertBatch(files.slice(at, at + BATCH), options));
  return begunJobs;
}

/** Stops a job. */
export async function cancel(job) {
  if (job.phase === "sending") {
    job.controller.abort();
    return;
  }
  const path = job.kind === "batch" ? `/v1/batch/${job.id}/cancel` : `/api/documents/${job.id}/cancel`;
  await call("POST", path, { title: `Cancel ${job.name}` });
}

/** Takes an ended job off the list. */
export function forget(job) {
  jobs.splice(jobs.indexOf(job), 1);
}

export const isOver = ({ phase }) => ["completed", "failed", "cancelled", "archived"].includes(phase);

// Another key is somebody else.
apiEvents.addEventListener("key", () => jobs.splice(0, jobs.length, ...jobs.filter((job) => !isOver(job))));
