// The frame: places, theme, key, code, files dropped anywhere. A view is loaded when it is first shown.

import { h, fill, icon } from "./dom.js";
import { ApiError, events } from "./api.js";
import { fault } from "./states.js";
import { toggleDrawer, listen as recordRequests } from "./code.js";
import { askForKey } from "./key.js";
import { dropped, take } from "./files.js";

const main = document.getElementById("main");
const VIEWS = {
  convert: ["./convert.js", "Convert"],
  documents: ["./documents.js", "Documents"],
  read: ["./read.js", "Document"],
  batches: ["./batches.js", "Batches"],
  batch: ["./batch.js", "Batch"],
  queue: ["./queue.js", "Queue"],
  usage: ["./usage.js", "Usage"],
  keys: ["./keys.js", "Keys"],
  health: ["./health.js", "Health"],
};

let leave = new AbortController();
let shown = "";

/** `#/documents/ID/BLOCK?page=3`: the view, what is in it, and further words. */
function place() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [first = "", second = "", third = ""] = path.split("/").map(decodeURIComponent);
  const query_ = new URLSearchParams(query);
  if (first === "documents" && second) return { view: "read", nav: first, id: second, block: third, query: query_ };
  if (first === "batches" && second) return { view: "batch", nav: first, id: second, query: query_ };
  const view = Object.hasOwn(VIEWS, first) && first !== "read" && first !== "batch" ? first : "convert";
  return { view, nav: view, query: query_ };
}

/** Brings a place into the middle of a narrow bar. `scrollIntoView` would let the tabulator begin there. */
function inSight(link) {
  const nav = link.parentElement;
  const [inner, outer] = [link, nav].map((one) => one.getBoundingClientRect());
  nav.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}

async function show() {
  const where = place();
  const name = `${where.view}/${where.id ?? ""}`;
  if (name === shown && where.view === "read") {
    main.firstElementChild?.dispatchEvent(new CustomEvent("moved", { detail: where }));
    return;
  }
  shown = name;
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const [module, title] = VIEWS[where.view];
  for (const link of document.querySelectorAll(".rail nav a")) {
    if (link.hash === `#/${where.nav}`) {
      link.setAttribute("aria-current", "page");
      inSight(link);
    } else link.removeAttribute("aria-current");
  }
  document.title = `${title} · Ilios`;
  const view = h("div.view", { data: { view: where.view } });
  try {
    const { show: into } = await import(module).catch(() => {
      const error = "This part of the console cannot be loaded: the server is away, or has another version now.";
      throw Object.assign(new ApiError(0, { error }), { unloaded: true });
    });
    if (signal.aborted) return;
    fill(main, view);
    main.scrollTop = 0;
    await into(view, { ...where, signal });
  } catch (problem) {
    if (problem.name === "AbortError" || signal.aborted) return;
    if (!view.isConnected) fill(main, view);
    view.classList.remove("full");
    // A module that could not be loaded is not asked for again by the same page.
    fill(view, fault(problem, problem.unloaded ? () => location.reload() : again));
  }
}

/** Shows the present place anew. */
function again() {
  shown = "";
  show();
}

function theme() {
  const root = document.documentElement;
  const names = { auto: "As the system", light: "Light", dark: "Dark" };
  const pressed = document.getElementById("theme");
  const label = () => {
    const now = root.dataset.theme ?? "auto";
    pressed.querySelector("span").textContent = names[now];
    pressed.setAttribute("aria-label", `Colours: ${names[now]}`);
  };
  pressed.addEventListener("click", () => {
    const next = { auto: "light", light: "dark", dark: "auto" }[root.dataset.theme ?? "auto"];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      localStorage.setItem("ilios.theme", next);
    } catch {
      // It holds for this page then.
    }
    label();
  });
  label();
}

function drops() {
  let inside = 0;
  const files = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (by) => {
    inside = Math.max(0, inside + by);
    document.body.classList.toggle("dropping", inside > 0);
  };
  addEventListener("dragenter", (event) => files(event) && mark(1));
  addEventListener("dragleave", (event) => files(event) && mark(-1));
  addEventListener("dragover", (event) => files(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!files(event)) return;
    event.preventDefault();
    mark(-inside);
    const found = dropped(event.dataTransfer);
    if (!location.hash.startsWith("#/convert") && location.hash !== "") location.hash = "#/convert";
    take(await found);
  });
}

function keys() {
  const places = ["convert", "documents", "batches", "queue", "usage", "keys", "health"];
  addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, dialog") || event.ctrlKey || event.metaKey) return;
    if (event.altKey && places[event.key - 1]) location.hash = `#/${places[event.key - 1]}`;
    else if (event.altKey) return;
    else if (event.key === "/") {
      const field = main.querySelector("input[type=search]");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    }
  });
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
document.getElementById("show-code").addEventListener("click", toggleDrawer);
document.getElementById("show-key").addEventListener("click", () => askForKey().then((changed) => changed && again()));
let asked = false;
events.addEventListener("unauthorized", async ({ detail }) => {
  if (asked || detail.admin) return;
  asked = true;
  const changed = await askForKey("This server asks for an API key.");
  asked = false;
  if (changed) again();
});
addEventListener("hashchange", show);
recordRequests();
theme();
drops();
keys();
show();
