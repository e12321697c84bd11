// All documents of the key, newest first, by day. A name is looked for here when all are loaded, else by the server.

import { h, button, fill, icon } from "./dom.js";
import { call, get } from "./api.js";
import { documentRow } from "./document-row.js";
import { count, day, dayRange, many, time } from "./format.js";
import { Rows } from "./rows.js";
import { empty, fault } from "./states.js";
import { deleteLater, say } from "./toast.js";

const PART = 200;
/** Rest of a person's typing before the server is asked. */
const TYPING_MS = 250;
const FILTERS = [["", "All"], ["completed", "Done"], ["failed", "Failed"], ["processing", "Converting"], ["pending", "Waiting"], ["archived", "Archived"]];

class History {
  constructor(view, signal, status) {
    Object.assign(this, { view, signal, status, wanted: "", sought: "", documents: [], days: new Map(), gone: new Set(), cursor: "", busy: false, over: false });
    this.rows = Rows.element({ label: "Documents", draw: (item) => this.row(item), onend: () => this.more() });
    this.told = h("p.small.soft.numbers.list-end", { role: "status" });
    const field = h("input", { type: "search", placeholder: "Find by name", "aria-label": "Find by name", oninput: (event) => this.find(event.target.value) });
    this.chips = FILTERS.map(([value, label]) => button(label, () => this.choose(value), { pressed: String(value === status) }));
    this.body = h("div.history", null, this.rows);
    view.classList.add("full");
    fill(view, h("header", null, h("h1", null, "Documents"), h("a.button", { href: "#/convert" }, "Convert")), h("div.filters", null, h("div.search", null, icon("search"), field), h("div.row", { role: "group", "aria-label": "Status" }, this.chips)), this.body, this.told);
  }

  row(item) {
    if (item.heading) {
      const failed = item.documents.filter(({ status, id }) => status === "failed" && !this.gone.has(id));
      // Of the last day only a part may be loaded.
      const whole = this.over || this.documents.at(-1) !== item.documents.at(-1);
      const label = whole ? `Retry ${many(failed.length, "failed one", "failed ones")}` : "Retry all that failed";
      return h("div.day", null, h("h2", null, item.heading), h("span.small.soft", null, many(item.documents.length, "document")), failed.length > 0 && button(label, (event) => this.retryDay(failed[0], event.currentTarget), { icon: "retry" }));
    }
    const tools = item.status === "failed" ? button("", (event) => this.retry([item], event.currentTarget), { kind: "quiet", icon: "retry", title: `Try ${item.fileName} again` }) : button("", () => this.remove(item), { kind: "quiet", icon: "trash", title: `Delete ${item.fileName}` });
    return documentRow(item, tools, time);
  }

  remove(item) {
    this.gone.add(item.id);
    this.draw();
    deleteLater({ ...item, onundo: () => (this.gone.delete(item.id), this.draw()) });
  }

  /** Tries all again that failed on the day of a document, those that are not loaded too. */
  async retryDay({ createdAt }, pressed) {
    pressed.disabled = true;
    const query = { status: "failed", limit: PART, name: this.wanted, ...dayRange(createdAt) };
    const failed = [];
    try {
      let cursor;
      do {
        const { documents, nextCursor } = await get("/api/documents", { query: { ...query, cursor }, signal: this.signal });
        failed.push(...documents.filter(({ id }) => !this.gone.has(id)));
        cursor = nextCursor;
      } while (cursor);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      pressed.disabled = false;
      say(problem.message);
      return;
    }
    await this.retry(failed, pressed);
  }

  async retry(failed, pressed) {
    pressed.disabled = true;
    let done = 0;
    for (const { id, fileName } of failed) {
      try {
        await call("POST", `/api/documents/${id}/retry`, { title: `Try ${fileName} again`, signal: this.signal });
        done += 1;
      } catch (problem) {
        if (problem.name === "AbortError") return;
        say(`${fileName}: ${problem.message}`);
      }
    }
    if (done > 0) say(`${many(done, "document")} will be tried again.`);
    this.reload();
  }

  choose(status) {
    this.status = status;
    FILTERS.forEach(([value], at) => this.chips[at].setAttribute("aria-pressed", String(value === status)));
    history.replaceState(null, "", status ? `#/documents?status=${status}` : "#/documents");
    this.reload();
  }

  reload() {
    Object.assign(this, { documents: [], days: new Map(), cursor: "", over: false });
    this.turn = (this.turn ?? 0) + 1;
    this.busy = false;
    this.rows.scrollTop = 0;
    return this.more();
  }

  find(text) {
    this.wanted = text.trim().toLowerCase();
    clearTimeout(this.typing);
    if (this.over && !this.sought) this.draw();
    else this.typing = setTimeout(() => this.seek(), TYPING_MS);
  }

  /** Lists what the server finds. */
  seek() {
    if (this.signal.aborted || this.sought === this.wanted) return;
    this.sought = this.wanted;
    this.reload();
  }

  /** Loads the next part. */
  async more() {
    if (this.busy || this.over) return;
    this.busy = true;
    const { turn } = this;
    try {
      const { documents, nextCursor } = await get("/api/documents", { query: { limit: PART, cursor: this.cursor, status: this.status, name: this.sought }, signal: this.signal });
      if (turn !== this.turn) return;
      this.documents.push(...documents);
      this.cursor = nextCursor;
      this.over = !nextCursor;
      this.busy = false;
      this.draw();
    } catch (problem) {
      if (problem.name === "AbortError" || turn !== this.turn) return;
      this.busy = false;
      if (this.documents.length === 0) fill(this.body, fault(problem, () => (fill(this.body, this.rows), this.more())));
      else fill(this.told, `The rest could not be loaded: ${problem.message} `, button("Try again", () => this.more(), { kind: "as-link" }));
    }
  }

  /** Items of the list: days, and their documents. */
  items() {
    const items = [];
    let last;
    for (const one of this.documents) {
      if (this.gone.has(one.id) || (this.wanted && !one.fileName.toLowerCase().includes(this.wanted))) continue;
      const heading = day(one.createdAt);
      if (last?.heading !== heading) {
        last = this.days.get(heading) ?? { heading };
        // The same object as long as it is the same day, so that its row stays.
        this.days.set(heading, last);
        last.documents = [];
        items.push(last);
      }
      last.documents.push(one);
      items.push(one);
    }
    return items;
  }

  draw() {
    const items = this.items();
    const shown = items.filter(({ heading }) => !heading).length;
    if (shown === 0 && this.over) {
      if (this.wanted) fill(this.body, empty("Nothing found", `No document has “${this.wanted}” in its name.`));
      else if (this.status) fill(this.body, empty("None", "No document stands there now.", button("Show all", () => this.choose(""))));
      else fill(this.body, empty("No documents yet", "What you convert is kept here, for as long as you say.", h("a.button", { href: "#/convert" }, "Convert the first")));
    } else if (!this.rows.isConnected) fill(this.body, this.rows);
    this.rows.set(items);
    const among = this.sought ? many(shown, "document") + " found" : `${count(shown)} of ${many(this.documents.length, "document")}`;
    fill(this.told, `${this.wanted ? among : many(shown, "document")}${this.over ? "" : this.sought && shown === 0 ? ", looking on…" : ", more below"}`);
  }
}

export async function show(view, { query, signal }) {
  const list = new History(view, signal, FILTERS.some(([value]) => value === query.get("status")) ? query.get("status") : "");
  await list.reload();
}
