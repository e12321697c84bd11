// Usage of this key, and of all tenants for administrators: sums, and plots by day, engine, model and tenant.

import { h, button, fill, save } from "./dom.js";
import { get, getAsAdmin, text } from "./api.js";
import { count, dollars, many } from "./format.js";
import { columns, shares } from "./plot.js";
import { empty } from "./states.js";

const SPANS = [[7, "7 days"], [30, "30 days"], [90, "90 days"]];
/** Records that are plotted at most. */
const PLOTTED = 10_000;

const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

async function records(startDate, signal) {
  const all = [];
  let cursor;
  do {
    const answer = await get("/api/usage/records", { query: { startDate, limit: 200, cursor }, signal });
    all.push(...answer.records);
    cursor = answer.nextCursor;
  } while (cursor && all.length < PLOTTED);
  return all;
}

function sumBy(all, name) {
  const sums = new Map();
  for (const one of all) {
    const sum = sums.get(name(one)) ?? { pages: 0, cost: 0 };
    sum.pages += one.pages;
    sum.cost += one.totalMicroCents;
    sums.set(name(one), sum);
  }
  return sums;
}

const asShares = (sums) => [...sums].map(([label, { pages, cost }]) => ({ label, value: pages, title: `${many(pages, "page")}, ${dollars(cost)}` }));

function byDay(sums, days) {
  return Array.from({ length: days }, (_, ago) => dayOf(Date.now() - (days - 1 - ago) * 86_400_000)).map((label) => ({ label, value: sums.get(label)?.pages ?? 0, title: many(sums.get(label)?.pages ?? 0, "page") }));
}

/** Usage of all tenants; nothing where the key opens no more than its own. */
async function ofAll(startDate, days, signal) {
  const by = async (property, title) => {
    const answer = await getAsAdmin("/api/admin/usage", { query: { by: property, startDate }, signal, title });
    return answer && new Map(answer.groups.map(({ name, totalPages, totalCostMicroCents }) => [name, { pages: totalPages, cost: totalCostMicroCents }]));
  };
  const tenants = await by("tenant", "Sum up usage of all tenants");
  if (tenants === null || tenants.size === 0) return null;
  const [perDay, engines, models] = await Promise.all(["day", "engine", "model"].map((property) => by(property)));
  return h("section.stack.all-tenants", null, h("h2", null, "All tenants"), h("p.small.soft", null, "Keys of one tenant are summed up together."), columns(byDay(perDay, days), "Pages of all by day (UTC)"),
    h("div.two", null, shares(asShares(tenants), "By tenant"), shares(asShares(engines), "By engine, all tenants"), shares(asShares(models), "By model, all tenants")));
}

export async function show(view, { signal }) {
  const body = h("div.stack");
  let days = 30;
  const choose = h("div.segments", { role: "group", "aria-label": "Time" }, SPANS.map(([span, label]) => button(label, (event) => {
    days = span;
    for (const other of choose.children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
    load();
  }, { pressed: String(span === days) })));
  const start = () => dayOf(Date.now() - (days - 1) * 86_400_000);
  const csv = button("CSV", async () => save(`usage-from-${start()}.csv`, await text("/api/usage/records", { query: { startDate: start(), format: "csv" }, signal, title: "Usage records as CSV" }), "text/csv"), { icon: "download" });
  fill(view, h("header", null, h("h1", null, "Usage"), h("div.row", null, choose, csv)), body);
  async function load() {
    const query = { startDate: start() };
    const [{ summary }, all, others] = await Promise.all([get("/api/usage/summary", { query, signal, title: "Sum up usage" }), records(query.startDate, signal), ofAll(query.startDate, days, signal)]);
    const figure = (value, label) => h("div.card.figure-card", null, h("b", null, value), h("span.small.soft", null, label));
    fill(body,
      h("div.figures", null, figure(count(summary.totalDocuments), "documents"), figure(count(summary.totalPages), "pages"), figure(count(summary.totalOperations), "conversions"), figure(dollars(summary.totalCostMicroCents), "cost")),
      all.length === 0 ? empty("Nothing was converted in this time", "Choose a longer time, or convert something.") : [columns(byDay(sumBy(all, ({ createdAt }) => dayOf(createdAt)), days), "Pages by day (UTC)"), h("div.two", null, shares(asShares(sumBy(all, ({ engine }) => engine)), "By engine"), shares(asShares(sumBy(all, ({ model }) => model)), "By model"), shares(asShares(sumBy(all, ({ operation }) => operation)), "By operation"))],
      all.length >= PLOTTED && h("p.note", null, `The plots are of the last ${count(all.length)} records; the sums are of all.`),
      others);
  }
  await load();
}
