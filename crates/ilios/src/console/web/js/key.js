// The dialog that asks for a key.

import { h, button } from "./dom.js";
import { key } from "./api.js";

/** Asks for the key of this tab; tells whether it was changed. */
export function askForKey(reason = "", admin = false) {
  return new Promise((resolve) => {
    const field = h("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", value: key.get(admin) });
    const name = admin ? "Key of an administrator" : "API key";
    let changed = false;
    const use = (value) => {
      changed = value !== key.get(admin);
      key.set(value, admin);
      dialog.close();
    };
    const form = h(
      "form",
      { method: "dialog", onsubmit: (event) => (event.preventDefault(), use(field.value.trim())) },
      h("h2", { id: "key-title" }, name),
      reason && h("p", null, reason),
      h("div.field", null, h("label", { for: "key" }, "Key"), field, h("span.hint", null, "Kept in this tab until it is closed, and sent to this server alone.")),
      h("div.row.end", null, key.get(admin) && button("Forget it", () => use(""), { kind: "quiet" }), button("Cancel", () => dialog.close(), { kind: "quiet" }), h("button.first", { type: "submit" }, "Use this key")),
    );
    const dialog = h("dialog", { "aria-labelledby": "key-title", onclose: () => (dialog.remove(), resolve(changed)) }, form);
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}
