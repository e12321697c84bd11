// A document in a list.

import { h, icon } from "./dom.js";
import { bytes, duration, many, moment, when } from "./format.js";
import { badge } from "./states.js";

function facts({ fileSize, metadata, status, error }) {
  if (status === "failed") return error ?? "";
  const parts = [bytes(fileSize)];
  if (metadata) parts.push(many(metadata.extractedPages, "page"), duration(metadata.processingTimeMs));
  if (metadata?.warnings?.length) parts.push(many(metadata.warnings.length, "warning"));
  return parts.join(" · ");
}

/** A link to a document with what is known of it. */
export function documentRow(one, extra, moments = when) {
  return h(
    "div.document-row",
    { data: { id: one.id } },
    h("a.open", { href: `#/documents/${one.id}` }, icon("file"), h("span.name", null, h("span.clip", { title: one.fileName, dir: "auto" }, one.fileName), h("span.clip.small.soft.numbers", null, facts(one)))),
    h("time.small.soft.nowrap", { datetime: one.createdAt, title: moment(one.createdAt) }, moments(one.createdAt)),
    badge(one.status),
    extra,
  );
}
