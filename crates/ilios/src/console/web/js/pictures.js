// Pictures of a document: fetched with the key, shown from memory.

import { h, button, save } from "./dom.js";
import { blob } from "./api.js";
import { empty } from "./states.js";

/** Fetches pictures once each. */
export class Pictures {
  constructor(id, images, signal) {
    Object.assign(this, { id, images, signal, known: new Map(), blobs: new Map() });
    signal.addEventListener("abort", () => this.known.forEach((address) => address.then(URL.revokeObjectURL, () => {})));
  }

  /** The address of a picture in memory. */
  address(name) {
    if (!this.known.has(name)) {
      const fetched = blob(`/api/documents/${this.id}/images/${encodeURIComponent(name)}`, { signal: this.signal });
      this.known.set(name, fetched.then((bytes) => (this.blobs.set(name, bytes), URL.createObjectURL(bytes))));
    }
    return this.known.get(name);
  }

  /** An element that shows a picture as soon as it is near. */
  element(name, alt) {
    const facts = this.images.find((one) => one.name === name);
    if (!facts) return h("div.no-picture", null, alt || "Picture");
    const shown = h("img", { alt, width: facts.width, height: facts.height, decoding: "async" });
    const near = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      this.address(name).then((address) => (shown.src = address), () => shown.replaceWith(h("div.no-picture", null, alt || "The picture is not there")));
    }, { rootMargin: "600px" });
    near.observe(shown);
    return shown;
  }
}

/** The view of all pictures. */
export function picturesView({ pictures, again }) {
  const { images } = pictures;
  if (images.length === 0) {
    return empty("No pictures", "None were taken out. They are when the document is converted with “Keep them, with links”.", button("Convert again with pictures", again, { icon: "retry" }));
  }
  return h("div.gallery", null, images.map(({ name, width, height }) =>
    h("figure.card", null, pictures.element(name, name), h("figcaption.row.small", null, h("span.grow.clip", null, name), width && h("span.soft.numbers", null, `${width} × ${height}`),
      button("", async () => { await pictures.address(name); save(name, pictures.blobs.get(name)); }, { kind: "quiet", icon: "download", title: `Save ${name}` })))));
}
