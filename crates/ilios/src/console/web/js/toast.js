// Short messages, and deletions that wait for an undo.

import { h, button } from "./dom.js";
import { call, record } from "./api.js";

const place = document.getElementById("toasts");

/** Says something for some seconds. */
export function say(text, seconds = 6) {
  const toast = h("div.toast", null, h("span", null, text));
  place.append(toast);
  setTimeout(() => toast.remove(), seconds * 1000);
  return toast;
}

/** Seconds that a deletion waits. */
const UNDO = 10;

/**
 * Deletes a document after ten seconds, unless it is undone. A page that is closed before has deleted nothing.
 * @param {{ id: string, fileName: string, onundo: () => void }} document
 */
export function deleteLater({ id, fileName, onundo }) {
  const path = `/api/documents/${id}`;
  record(`Delete ${fileName}`, "DELETE", path);
  const timer = setTimeout(async () => {
    toast.remove();
    try {
      await call("DELETE", path);
    } catch (problem) {
      say(`${fileName} was not deleted: ${problem.message}`, 12);
      onundo();
    }
  }, UNDO * 1000);
  const undo = button("Undo", () => {
    clearTimeout(timer);
    toast.remove();
    onundo();
  });
  const toast = h("div.toast", null, h("span.clip", null, `${fileName} will be deleted`), undo, h("i"));
  place.append(toast);
}
