// Pages and text scroll together: the one under the pointer leads, the other stands at the same place of the same page.

function positionIn(panel) {
  const top = panel.getBoundingClientRect().top + 8;
  for (const section of panel.querySelectorAll(".text-page")) {
    const box = section.getBoundingClientRect();
    if (box.bottom > top) return { page: Number(section.dataset.page), share: Math.max(0, (top - box.top) / box.height) };
  }
  return null;
}

function goTo(panel, { page, share }) {
  const section = panel.querySelector(`.text-page[data-page="${page}"]`);
  if (!section) return;
  const box = section.getBoundingClientRect();
  panel.scrollTop += box.top + share * box.height - panel.getBoundingClientRect().top - 8;
}

/** Couples the two as long as `coupled` says so. */
export function scrollTogether(pages, panel, coupled, signal) {
  let leader = null;
  let waiting = false;
  const lead = (element) => () => (leader = element);
  for (const element of [pages, panel]) {
    for (const event of ["wheel", "touchstart", "keydown"]) element.addEventListener(event, lead(element), { signal, passive: true });
    // A press on the scroll bar leads too; one on the content goes to a place, and the other side follows by itself.
    element.addEventListener("pointerdown", (event) => (leader = event.offsetX > element.clientWidth ? element : null), { signal });
  }
  const follow = (element) => () => {
    if (leader !== element || waiting || !coupled()) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      const position = element === pages ? pages.position : positionIn(panel);
      if (!position || signal.aborted) return;
      if (element === pages) goTo(panel, position);
      else pages.position = position;
    });
  };
  pages.addEventListener("scroll", follow(pages), { signal, passive: true });
  panel.addEventListener("scroll", follow(panel), { signal, passive: true });
}
