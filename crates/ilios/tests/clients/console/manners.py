"""Manners: screen readers, the keyboard, themes, narrow screens, the first paint."""

from person import task

PLACES = ["convert", "documents", "batches", "queue", "usage", "keys", "health"]
# The drawing of a page is one picture to readers of screens, and thousands of elements to axe.
AXE = "axe.run({ exclude: ['ilios-pages svg'] }, { resultTypes: ['violations'] })"


def _serious(person, place):
    found = person.page.evaluate(AXE)["violations"]
    return [f"{place}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found if one["impact"] in ("serious", "critical")]


def go_to(page, place):
    """Goes to a place and waits until it stands there."""
    view = place.split("/")[0] if "/" not in place else "read"
    page.evaluate("(place) => { location.hash = `#/${place}`; }", place)
    page.wait_for_selector(f".view[data-view={view}] h1")
    page.wait_for_timeout(300)


def _readers(person, scheme):
    """axe-core finds nothing serious on any page."""
    with open(person.axe, encoding="utf-8") as source:
        axe = source.read()
    id_ = person.upload("report.md", b"# A\n\nText with [a link](https://example.org).\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", "text/markdown")
    with open(person.sample, "rb") as sample:
        pdf = person.upload("report.pdf", sample.read(), "application/pdf", places="line")
    page = person.open("/", bypass_csp=True, color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(axe)
    serious = []
    for place in [*PLACES, f"documents/{id_}", f"documents/{pdf}"]:
        go_to(page, place)
        serious += _serious(person, place)
    assert not serious, "\n".join(serious)


@task
def readers_light(person):
    _readers(person, "light")


@task
def readers_dark(person):
    _readers(person, "dark")


@task
def keyboard(person):
    """From the first tabulator to a result without a pointer."""
    page = person.page
    page.wait_for_selector(".drop")
    # A busy browser gives a new window the focus late; a key before that goes nowhere.
    page.bring_to_front()
    page.wait_for_function("document.hasFocus()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("button", name="Try the sample report").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".reading")
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("[role=tab][aria-selected=true]").inner_text() == "Markdown"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("Alt+2")
    page.wait_for_selector(".document-row a")
    page.locator(".document-row a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".reading")


@task
def sizes(person):
    """No page is wider than its screen, from 360 px to 4k; the theme is chosen and kept."""
    id_ = person.upload("wide.md", ("| " + " | ".join(f"column {at}" for at in range(30)) + " |\n|" + " - |" * 30 + "\n").encode(), "text/markdown")
    page = person.page
    for width in (360, 1280, 2560, 3840):
        page.set_viewport_size({"width": width, "height": 800})
        for place in [*PLACES, f"documents/{id_}"]:
            go_to(page, place)
            wide = page.evaluate("Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth + document.querySelector('main').getBoundingClientRect().left)")
            assert wide <= width, f"{place} is {wide} px wide at {width}"
    page.click("#theme")
    page.click("#theme")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 27)"


@task
def light(person):
    """The first visit: few bytes, painted at once."""
    page = person.open("/")
    page.wait_for_selector(".drop")
    loaded = page.evaluate("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).reduce((sum, { transferSize }) => sum + transferSize, 0)")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"{loaded} bytes, first paint after {paint:.0f} ms")
    assert loaded <= 150_000, loaded
    assert paint < 2_000, paint
