// What stands where there is nothing yet, or something went wrong.

import { h, button } from "./dom.js";
import { ApiError } from "./api.js";
import { advice, STATUS } from "./words.js";

/** Begins with a capital letter, as the server's messages do not. */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A fault in words, with what to do about it. */
export function fault(problem, again) {
  const known = problem instanceof ApiError;
  const help = advice(known ? problem.code : problem.errorCode, problem.status);
  return h(
    "div.fault",
    { role: "alert" },
    h("strong", null, known || problem.errorCode ? sentence(problem.message) : `The console has a fault: ${problem.message}`),
    help && h("p", null, help),
    known && problem.requestId && h("p.small.soft", null, "Request ", h("code", null, problem.requestId)),
    again && h("div.row", null, button("Try again", again, { icon: "retry" })),
  );
}

/** An empty place, and a way out of it. */
export const empty = (title, text, ...ways) => h("div.empty", null, h("h2", null, title), h("p", null, text), ways.length > 0 && h("div.row", null, ...ways));

/** A status as a coloured word. */
export const badge = (status, word) => h(`span.badge.${status}`, null, word ?? STATUS[status] ?? status);

/** A bar of progress; without a share it has no end yet. */
export function bar(share, label) {
  return h("div.bar", { role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(share * 100), vars: { "--share": share } }, h("i"));
}
