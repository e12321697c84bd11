// Files and folders that were dropped or chosen; whoever can convert them takes them.

let waiting = [];
let taker = null;

/** Says who takes files; those that came before are handed over. */
export function taking(take, signal) {
  taker = take;
  signal.addEventListener("abort", () => {
    if (taker === take) taker = null;
  });
  if (waiting.length > 0) take(waiting.splice(0));
}

/** Hands files over, or keeps them until somebody takes them. */
export function take(files) {
  if (files.length === 0) return;
  if (taker) taker(files);
  else waiting.push(...files);
}

const entries = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
const file = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function below(entry, found) {
  if (entry.isFile) {
    // Files that a system puts beside others say nothing.
    if (!entry.name.startsWith(".")) found.push(await file(entry));
    return;
  }
  const reader = entry.createReader();
  for (let some = await entries(reader); some.length > 0; some = await entries(reader)) {
    for (const inner of some) await below(inner, found);
  }
}

/** The files of a drop, those in folders too. The list has to be read before the event ends. */
export async function dropped(transfer) {
  const roots = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const plain = [...transfer.files];
  if (roots.length === 0) return plain;
  const found = [];
  for (const root of roots) await below(root, found);
  return found;
}
