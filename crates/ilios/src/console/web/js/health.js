// Whether the server is well, in words.

import { h, fill } from "./dom.js";
import { pause } from "./api.js";
import { moment } from "./format.js";
import { badge } from "./states.js";

const SERVICES = { database: "Database", objects: "Originals", s3: "S3 bucket", spool: "Temporary files", mistral: "Mistral" };
const WORDS = { healthy: "Well", unhealthy: "Not well", degraded: "Partly", disabled: "Not set up" };

/** Both 200 and 503 have a body that says what is wrong. */
async function health(signal) {
  try {
    const response = await fetch("/health", { signal, cache: "no-store" });
    return await response.json();
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    return null;
  }
}

export async function show(view, { signal }) {
  const body = h("div.stack", { role: "status" });
  fill(view, h("header", null, h("h1", null, "Health"), h("a.button", { href: "/metrics" }, "Metrics")), body);
  for (;;) {
    const answer = await health(signal);
    fill(body, answer === null
      ? h("div.fault", null, h("strong", null, "The server does not answer."), h("p", null, "It is asked again every 5 seconds. Look whether it runs, and at its log."))
      : h("section.card", null, h("div.row", null, badge(answer.status, WORDS[answer.status]), h("span.soft.small", null, moment(answer.timestamp))),
          h("div.services", null, Object.entries(SERVICES).map(([name, label]) => h("div", null, h("div", null, h("span", null, label), answer.services[`${name}Message`] && h("p.small.soft", null, answer.services[`${name}Message`])), badge(answer.services[name], WORDS[answer.services[name]]))))));
    await pause(5_000, signal);
  }
}
