// The options of a conversion as a form, in words.

import { h } from "./dom.js";
import { OPTIONS } from "./words.js";

function field(option, values, onchange) {
  const id = `option-${option.name}`;
  const changed = (event) => {
    values[option.name] = event.target.value.trim();
    onchange();
  };
  const control = option.choices
    ? h("select", { id, onchange: changed }, option.choices.map(([value, words]) => h("option", { value }, words)))
    : h("input", { id, oninput: changed, placeholder: option.placeholder, autocomplete: "off", spellcheck: "false" });
  control.value = values[option.name];
  return h("div.field", null, h("label", { for: id }, option.label), control, option.hint && h("span.hint", null, option.hint));
}

/** The form; `values` is changed in place. */
export function optionsForm(values, onchange) {
  return h(
    "div.options",
    null,
    h("div.fields", null, OPTIONS.filter(({ more }) => !more).map((option) => field(option, values, onchange))),
    h("details", null, h("summary", null, "More options"), h("div.fields", null, OPTIONS.filter(({ more }) => more).map((option) => field(option, values, onchange)))),
  );
}
