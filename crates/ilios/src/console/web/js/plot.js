// A plot of columns, and shares as bars. Each value is text too.

import { h, s } from "./dom.js";
import { bar } from "./states.js";

/** Columns: `[{ label, value, title }]`. */
export function columns(values, caption) {
  const most = Math.max(1, ...values.map(({ value }) => value));
  const width = 1000 / Math.max(1, values.length);
  const drawn = values.map(({ label, value, title }, at) =>
    s("rect.column", { x: at * width + width * 0.12, y: 100 - (value / most) * 100, width: width * 0.76, height: (value / most) * 100 }, s("title", null, `${label}: ${title ?? value}`)),
  );
  return h(
    "figure.plot.card",
    null,
    h("figcaption", null, h("h2", null, caption)),
    s("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none", role: "img", "aria-label": `${caption}. Most: ${most}` }, drawn, s("line.base", { x1: 0, x2: 1000, y1: 100, y2: 100 })),
    h("div.ends.small.soft", null, h("span", null, values[0]?.label ?? ""), h("span.numbers", null, `Most: ${most}`), h("span", null, values.at(-1)?.label ?? "")),
  );
}

/** Shares: `[{ label, value, title }]`, the largest first. */
export function shares(values, caption) {
  const sum = values.reduce((all, { value }) => all + value, 0) || 1;
  const sorted = [...values].sort((one, other) => other.value - one.value);
  return h("section.card.stack", null, h("h2", null, caption), h("div.shares", null, sorted.map(({ label, value, title }) => h("div", null, h("div.row", null, h("span.grow.clip", null, label), h("span.small.soft.numbers", null, title ?? value)), bar(value / sum, label)))));
}
