// Requests of this page as commands: curl, Python, TypeScript. The key is never in them, only its variable.

import { h, button, copy, fill } from "./dom.js";
import { events } from "./api.js";

const KEPT = 20;
const requests = [];
let language = "curl";

const quoted = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;
const literal = (value) => JSON.stringify(value);
const files = (fields) => (fields ?? []).filter(([, value]) => value.file !== undefined);
const plain = (fields) => (fields ?? []).filter(([, value]) => value.file === undefined);
const secret = ({ admin }) => (admin ? "ADMIN_KEY" : "ILIOS_API_KEY");

function curl(request) {
  const { method, path, fields, json, key } = request;
  const parts = ["curl"];
  if (method !== "GET" && !(method === "POST" && (fields || json))) parts.push(`-X ${method}`);
  if (key) parts.push(`-H "Authorization: Bearer $${secret(request)}"`);
  if (json) parts.push("-H 'Content-Type: application/json'", `-d ${quoted(literal(json))}`);
  for (const [name, value] of fields ?? []) parts.push(`-F ${quoted(value.file !== undefined ? `${name}=@${value.file}` : `${name}=${value}`)}`);
  parts.push(quoted(location.origin + path));
  return parts.join(parts.length > 3 ? " \\\n  " : " ");
}

function python(request) {
  const { method, path, fields, json, key } = request;
  const args = [literal(location.origin + path)];
  if (key) args.push(`headers={"Authorization": f"Bearer {os.environ['${secret(request)}']}"}`);
  if (files(fields).length > 0) args.push(`files=[${files(fields).map(([name, { file }]) => `(${literal(name)}, open(${literal(file)}, "rb"))`).join(", ")}]`);
  if (plain(fields).length > 0) args.push(`data={${plain(fields).map(([name, value]) => `${literal(name)}: ${literal(value)}`).join(", ")}}`);
  if (json) args.push(`json=${pythonValue(json)}`);
  const body = args.length > 1 ? `\n    ${args.join(",\n    ")},\n` : args[0];
  return `${key ? "import os\n\n" : ""}import requests\n\nanswer = requests.${method.toLowerCase()}(${body})\nanswer.raise_for_status()\nprint(answer.text)`;
}

function pythonValue(value) {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([name, inner]) => `${literal(name)}: ${pythonValue(inner)}`).join(", ")}}`;
  return literal(value);
}

function typescript(request) {
  const { method, path, fields, json, key } = request;
  const lines = [];
  if (files(fields).length > 0) lines.push('import { openAsBlob } from "node:fs";', "");
  if (fields) {
    lines.push("const form = new FormData();");
    for (const [name, value] of fields) {
      lines.push(value.file !== undefined ? `form.append(${literal(name)}, await openAsBlob(${literal(value.file)}), ${literal(value.file)});` : `form.append(${literal(name)}, ${literal(String(value))});`);
    }
  }
  const headers = [];
  if (key) headers.push(`Authorization: \`Bearer \${process.env.${secret(request)}}\``);
  if (json) headers.push('"Content-Type": "application/json"');
  const options = [];
  if (method !== "GET") options.push(`method: ${literal(method)}`);
  if (headers.length > 0) options.push(`headers: { ${headers.join(", ")} }`);
  if (fields) options.push("body: form");
  if (json) options.push(`body: JSON.stringify(${literal(json)})`);
  const given = options.length > 0 ? `, {\n  ${options.join(",\n  ")},\n}` : "";
  lines.push(`const answer = await fetch(${literal(location.origin + path)}${given});`, "if (!answer.ok) throw new Error(await answer.text());", "console.log(await answer.text());");
  return lines.join("\n");
}

const WRITERS = { curl, Python: python, TypeScript: typescript };

/** A request as text in a language. */
export const asCode = (request, name = language) => WRITERS[name](request);

function shown(request) {
  const code = asCode(request);
  return h(
    "section.request",
    null,
    h("div.row", null, h("h3.clip", null, request.title), button("Copy", (event) => copy(code, event.currentTarget), { kind: "quiet", icon: "copy" })),
    h("pre", { tabindex: "0" }, h("code", null, code)),
  );
}

function draw(drawer) {
  const choose = Object.keys(WRITERS).map((name) =>
    button(name, () => {
      language = name;
      draw(drawer);
      drawer.querySelector("[aria-pressed=true]").focus();
    }, { pressed: String(name === language) }),
  );
  fill(
    drawer,
    h("header", null, h("h2.grow", null, "The same by a program"), h("div.segments", { role: "group", "aria-label": "Language" }, choose), button("", toggleDrawer, { kind: "quiet", icon: "close", title: "Close" })),
    h("div.requests", null, requests.length > 0 ? requests.map(shown) : h("p.soft", null, "Each thing you do in the console is a request to the API. Do something, and it stands here.")),
  );
}

/** Opens or closes the drawer of requests. */
export function toggleDrawer() {
  const open = document.getElementById("drawer");
  document.getElementById("show-code").setAttribute("aria-expanded", String(!open));
  if (open) {
    open.remove();
    document.getElementById("show-code").focus();
    return;
  }
  const drawer = h("aside", { id: "drawer", "aria-label": "Requests as code", onkeydown: (event) => event.key === "Escape" && toggleDrawer() });
  document.body.append(drawer);
  draw(drawer);
  drawer.querySelector("button").focus();
}

/** Keeps the requests that people make. */
export function listen() {
  events.addEventListener("recorded", ({ detail }) => {
    requests.unshift(detail);
    requests.length = Math.min(requests.length, KEPT);
    const drawer = document.getElementById("drawer");
    if (drawer) draw(drawer);
  });
}
