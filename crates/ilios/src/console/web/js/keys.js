// Keys, tenants and the audit log, for administrators.

import { h, button, copy, fill } from "./dom.js";
import { ApiError, get, json, key, record } from "./api.js";
import { moment, when } from "./format.js";
import { askForKey } from "./key.js";
import { badge, empty, fault } from "./states.js";
import { say } from "./toast.js";

const SCOPES = [["convert", "Convert", true], ["read", "Read", true], ["usage", "See usage", true], ["webhooks", "Webhooks", true], ["metrics", "Metrics", false], ["admin", "Administer", false]];
const admin = { admin: true };

/** The text of a key, which is told once, with a request to try it. */
function secret(made) {
  const request = `curl -H "Authorization: Bearer ${made.key}" -F file=@report.pdf ${location.origin}/v1/convert`;
  return h("section.card.secret", { role: "status" },
    h("h2", null, `The key of ${made.name}`), h("p.small", null, "It is shown this once. Keep it in a safe place."),
    h("div.row", null, h("code.grow", null, made.key), button("Copy the key", (event) => copy(made.key, event.currentTarget), { kind: "first", icon: "copy" })),
    h("p.small", null, "Its first request:"), h("pre", { tabindex: "0" }, h("code", null, request)),
    h("div.row", null, button("Copy the request", (event) => copy(request, event.currentTarget), { icon: "copy" })));
}

function makeForm(tenants, onmade) {
  const name = h("input", { id: "key-name", required: true, maxlength: 100, placeholder: "Who will use it", autocomplete: "off" });
  const tenant = h("select", { id: "key-tenant" }, h("option", { value: "" }, "A new one, of this name"), tenants.map((one) => h("option", { value: one.id }, one.name)));
  const days = h("input", { id: "key-days", type: "number", min: 1, max: 3650, placeholder: "Never" });
  const scopes = SCOPES.map(([value, label, given]) => ({ value, box: h("input", { type: "checkbox", id: `scope-${value}`, checked: given }), label }));
  const test = h("input", { type: "checkbox", id: "key-test" });
  const send = async (event) => {
    event.preventDefault();
    const body = { name: name.value.trim(), scopes: scopes.filter(({ box }) => box.checked).map(({ value }) => value) };
    if (tenant.value) body.tenant = tenant.value;
    if (days.value) body.expiresInDays = Number(days.value);
    if (test.checked) body.test = true;
    try {
      onmade(await json("POST", "/api/admin/keys", { ...admin, json: body, title: `Make a key for ${body.name}` }));
    } catch (problem) {
      say(problem.message);
    }
  };
  return h("form.card.stack", { onsubmit: send },
    h("h2", null, "Make a key"),
    h("div.two", null, h("div.field", null, h("label", { for: "key-name" }, "Name"), name), h("div.field", null, h("label", { for: "key-tenant" }, "Tenant"), tenant), h("div.field", null, h("label", { for: "key-days" }, "Ends after days"), days)),
    h("details", null, h("summary", null, "What it may do"), h("div.row", null, scopes.map(({ value, box, label }) => h("div.row", null, box, h("label", { for: `scope-${value}` }, label))), h("div.row", null, test, h("label", { for: "key-test" }, "Test data only")))),
    h("div.row", null, h("button.first", { type: "submit" }, "Make the key")));
}

function keyRow(one, again, onmade) {
  const act = async (what, body, title) => {
    try {
      const answer = await json("POST", `/api/admin/keys/${one.id}/${what}`, { ...admin, json: body, title });
      again();
      return answer;
    } catch (problem) {
      say(problem.message);
      return null;
    }
  };
  const live = one.state === "active" || one.state === "ending";
  const sure = (pressed) => {
    if (pressed.dataset.sure) return act("revoke", undefined, `Revoke ${one.name}`);
    pressed.dataset.sure = "yes";
    fill(pressed, h("span", null, "Really revoke?"));
    return setTimeout(() => pressed.isConnected && (delete pressed.dataset.sure, fill(pressed, h("span", null, "Revoke"))), 5_000);
  };
  return h("tr", null, h("td", null, h("strong", null, one.name), h("div.small.soft.mono", null, one.id)), h("td.small", null, one.scopes.join(", ")), h("td.small", null, one.lastUsedAt ? when(one.lastUsedAt) : "never used"), h("td.small", null, one.expiresAt ? when(one.expiresAt) : "no end"), h("td", null, badge(one.state, one.state)),
    h("td", null, live && h("div.row", null, one.kind !== "environment" && button("Rotate", async () => { const made = await act("rotate", {}, `Replace ${one.name}`); if (made) onmade(made); }, { title: "A new key; the old one is good for a day more" }), button("Revoke", (event) => sure(event.currentTarget), { kind: "bad" }))));
}

function audit(entries) {
  return h("details.card", null, h("summary", null, h("strong", null, "Audit log")), h("div.scroll", null, h("table.data", null, h("thead", null, h("tr", null, ["When", "Who", "What", "To", "Details"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, entries.map((one) => h("tr", null, h("td.nowrap", null, h("time", { title: moment(one.createdAt) }, when(one.createdAt))), h("td.small.mono", null, one.actor), h("td", null, one.action), h("td.small.mono", null, one.subject), h("td.small", null, one.details)))))));
}

export async function show(view, { signal }) {
  const shown = h("div");
  const body = h("div.stack");
  const another = button("Change the administrator's key", async () => (await askForKey("", true)) && load(), { icon: "key" });
  another.hidden = true;
  fill(view, h("header", null, h("h1", null, "Keys and tenants"), another), shown, body);
  const onmade = (made) => (fill(shown, secret(made)), shown.scrollIntoView({ block: "nearest" }), load());
  async function load() {
    try {
      const [{ keys }, { tenants }, { entries }] = await Promise.all([get("/api/admin/keys", { ...admin, query: { limit: 200 }, signal }), get("/api/admin/tenants", { ...admin, query: { limit: 200 }, signal }), get("/api/admin/audit", { ...admin, query: { limit: 100 }, signal })]);
      another.hidden = !key.get(true);
      record("List keys", "GET", "/api/admin/keys?limit=200", admin);
      fill(body, makeForm(tenants, onmade),
        keys.length === 0 ? empty("No keys in the database", "The keys of API_KEY are in the server's settings and not listed here.") : h("section.card.stack", null, h("h2", null, "Keys"), h("div.scroll", null, h("table.data", null, h("thead", null, h("tr", null, ["Key", "May", "Last used", "Ends", "State", ""].map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, keys.map((one) => keyRow(one, load, onmade)))))),
        audit(entries));
    } catch (problem) {
      if (problem.name === "AbortError") return;
      if (problem instanceof ApiError && (problem.status === 401 || problem.status === 403)) fill(body, empty("For administrators", "Keys are made by whoever has the server's ADMIN_KEY, or a key that may administer.", button("Enter the key", async () => (await askForKey("", true)) && load(), { kind: "first", icon: "key" })));
      else fill(body, fault(problem, load));
    }
  }
  await load();
}
