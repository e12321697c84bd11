"""Manners: screen readers, the keyboard, themes, narrow screens, the first paint, the description of the API."""

import statistics

from person import task

COLOURS = {"light": "rgb(250, 248, 244)", "dark": "rgb(21, 23, 27)"}
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


@task
def readers(person):
    """axe-core finds nothing serious on any page, in the light and in the dark."""
    with open(person.axe, encoding="utf-8") as source:
        axe = source.read()
    id_ = person.upload("report.md", b"# A\n\nText with [a link](https://example.org).\n\n| a | b |\n| - | - |\n| 1 | 2 |\n", "text/markdown")
    with open(person.sample, "rb") as sample:
        pdf = person.upload("report.pdf", sample.read(), "application/pdf", places="line")
    page = person.open("/", bypass_csp=True, reduced_motion="reduce")
    page.evaluate(axe)
    serious = []
    for place in [*PLACES, f"documents/{id_}", f"documents/{pdf}"]:
        go_to(page, place)
        for scheme in COLOURS:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_timeout(100)
            serious += _serious(person, f"{place}, {scheme}")
    assert not serious, "\n".join(serious)


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
    for place in [*PLACES, f"documents/{id_}"]:
        go_to(page, place)
        for width in (360, 1280, 2560, 3840):
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(50)
            wide = page.evaluate("Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth + document.querySelector('main').getBoundingClientRect().left)")
            assert wide <= width, f"{place} is {wide} px wide at {width}"
    page.click("#theme")
    page.click("#theme")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 27)"


LOADED = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map(({ name, transferSize }) => [new URL(name).pathname, transferSize])"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
# The first paint in milliseconds, as the median of some first visits.
FIRST_PAINT, VISITS, ROUNDS = 200, 5, 6


@task
def light(person):
    """The first visit: few bytes, painted at once. Others may be at work on the machine, so that one quiet round counts."""
    medians = []
    while len(medians) < ROUNDS and min(medians, default=FIRST_PAINT) >= FIRST_PAINT:
        paints = []
        for _ in range(VISITS):
            page = person.open("/")
            page.wait_for_selector(".first-visit")
            paints.append(page.evaluate(PAINT))
        medians.append(statistics.median(paints))
    loaded = dict(page.evaluate(LOADED))
    print(f"{sum(loaded.values())} bytes, first paint after {min(medians):.0f} ms, the median of {VISITS}")
    assert sum(loaded.values()) <= 80_000, loaded
    assert min(medians) < FIRST_PAINT, medians
    # The next visit loads the page and what the server knows, and no file of the console again.
    page = person.context.new_page()
    page.goto(person.server)
    page.wait_for_selector(".first-visit")
    again = [path for path, size in page.evaluate(LOADED) if path.startswith("/console/") and size > 0]
    assert not again, again


@task
def reference(person):
    """The description of the API has our title, the theme of the system or of the console, and the key of the tab."""
    page = person.open("/docs", color_scheme="light")
    page.wait_for_selector(".opblock")
    assert page.title() == "API reference · Ilios", page.title()
    looks = "[getComputedStyle(document.body).backgroundColor, document.documentElement.classList.contains('dark-mode')]"
    assert page.evaluate(looks) == [COLOURS["light"], False]
    page.emulate_media(color_scheme="dark")
    person.until("document.documentElement.classList.contains('dark-mode')")
    assert page.evaluate(looks) == [COLOURS["dark"], True]
    # What is chosen in the console holds here too.
    page.evaluate("localStorage.setItem('ilios.theme', 'light')")
    page.reload()
    page.wait_for_selector(".opblock")
    assert page.evaluate(looks) == [COLOURS["light"], False]
    block = page.locator("[id$='-list_documents'].opblock")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    block.locator(".live-responses-table .response-col_status", has_text="200").wait_for()
