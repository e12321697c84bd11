// Options, statuses and faults in words.

/** Options of a conversion. The first choice is what the console asks for; an empty value is left out. */
export const OPTIONS = [
  { name: "pages", label: "Pages", hint: "All of them, or such as 1-3,7", placeholder: "All" },
  { name: "images", label: "Pictures", choices: [["extract", "Keep them, with links"], ["placeholder", "Mark their place"], ["none", "Leave them out"]] },
  { name: "ocr", label: "Recognize text in pictures", choices: [["", "Where a page has no text"], ["force", "On every page"], ["off", "Never"]] },
  { name: "ocrLanguages", label: "Languages of scans", hint: "Such as eng+deu; needed for other scripts than Latin and Chinese", placeholder: "Found by the server" },
  { name: "tables", label: "Tables", choices: [["", "Markdown, HTML where cells are merged"], ["markdown", "Always Markdown"], ["html", "Always HTML"], ["csv", "CSV"]] },
  { name: "engine", label: "Converted by", choices: [["", "The server's choice"], ["local", "The server itself"], ["auto", "Mistral for scans, the server for the rest"], ["mistral", "Mistral"]], more: true },
  { name: "furniture", label: "Running headers, footers, page numbers", choices: [["", "Leave them out"], ["keep", "Keep them"]], more: true },
  { name: "hidden", label: "Hidden rows, sheets and text", choices: [["", "Mark them"], ["drop", "Leave them out"], ["keep", "Keep them as text"]], more: true },
  { name: "comments", label: "Comments of readers", choices: [["", "Leave them out"], ["keep", "Keep them"]], more: true },
  { name: "revisions", label: "Tracked changes", choices: [["", "As if all were accepted"], ["all", "With what was deleted"]], more: true },
  { name: "boilerplate", label: "Menus and banners of web pages", choices: [["", "Keep them"], ["drop", "Main content only"]], more: true },
  { name: "attachments", label: "Files that a mail brings", choices: [["", "List them"], ["convert", "Convert them too"]], more: true },
  { name: "pageBreaks", label: "Between pages", choices: [["", "A line"], ["none", "Nothing"], ["anchor", "A comment with the number"]], more: true },
  { name: "places", label: "Places on the page", choices: [["line", "Of lines, to draw the page"], ["word", "Of words too"], ["", "Of blocks"]], more: true },
  { name: "partial", label: "When it has to stop", choices: [["", "It fails"], ["true", "Keep the pages that are done"]], more: true },
  { name: "retentionDays", label: "Keep for days", hint: "1 to 3650", placeholder: "365", more: true },
];

/** What is asked for unless somebody says otherwise. */
export const defaults = () => Object.fromEntries(OPTIONS.map(({ name, choices }) => [name, choices?.[0][0] ?? ""]));

/** The options as one line. */
export function optionsInWords(values) {
  const parts = [values.pages ? `pages ${values.pages}` : "all pages"];
  for (const { name, choices, label, placeholder } of OPTIONS.slice(1)) {
    const value = values[name];
    if (name === "images") parts.push({ extract: "pictures kept", placeholder: "pictures marked", none: "no pictures" }[value]);
    else if (choices && value !== choices[0][0]) parts.push(`${label.toLowerCase()}: ${choices.find(([key]) => key === value)[1].toLowerCase()}`);
    else if (placeholder && value) parts.push(`${label.toLowerCase()} ${value}`);
  }
  return parts.join(" · ");
}

export const STATUS = { pending: "Waiting", processing: "Converting", completed: "Done", failed: "Failed", archived: "Archived", queued: "Waiting", sending: "Sending", cancelled: "Cancelled" };

const ADVICE = {
  unauthorized: "Enter a key that this server accepts.",
  missing_scope: "Ask whoever runs the server for a key with this permission.",
  unsupported_type: "Save it as PDF, an Office format, HTML, e-mail, Markdown or a picture, and send it again.",
  invalid_document: "Open it in the program that made it, save it again, and send the new file.",
  password_protected: "Remove the password in the program that made it, and send it again.",
  unsupported_encryption: "Save it without encryption, and send it again.",
  empty_document: "There is no text in it. If it is a scan, convert it again with text recognition on every page.",
  empty_file: "The file has no bytes: look whether it was copied whole.",
  ocr_unavailable: "Convert it again with text recognition on every page, or ask whoever runs the server to set it up.",
  too_many_pages: "Send a part of it: fill in Pages under the options.",
  pages_not_supported: "Leave Pages empty: this type has none to choose from.",
  limit_exceeded: "It is larger inside than this server takes. Send it in parts.",
  timeout: "Send a part of its pages, or keep the pages that are done (options).",
  out_of_memory: "Send it in parts, or ask whoever runs the server for more memory.",
  too_large: "The file is larger than this server takes. Send it in parts.",
  url_input_off: "This server fetches no addresses. Save the page, and drop the file here.",
  url_not_allowed: "This server fetches from the public internet alone. Save the document, and drop the file here.",
  url_fetch_failed: "Open the address in a browser, save the document, and drop the file here.",
  invalid_url: "Look at the address: it begins with http:// or https://.",
  busy: "The server has much to do. Try again in a moment.",
  tenant_busy: "Many of your documents are waiting already. Try again when some are done.",
  unavailable: "Try again in a moment.",
  internal: "Try again. If it stays, tell whoever runs the server the request's number.",
  service_failed: "Try again, or let the server convert it itself (options).",
  refused_by_service: "Let the server convert it itself (options).",
  cost_limit_exceeded: "It would cost more than allowed. Nothing was spent.",
  converter_crashed: "Nothing else was harmed. Save it again in the program that made it, and try once more.",
  original_lost: "Send the document again.",
  no_original: "Send the document again.",
  cancelled: "Send it again when you want it.",
};

/** What to do about a fault. */
export const advice = (code, status) => ADVICE[code] ?? (status === 0 ? "Look whether it runs, and try again." : "");
