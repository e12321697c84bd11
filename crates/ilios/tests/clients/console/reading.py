"""Reading a result: beside its pages, as tables, chunks and JSON; and documents that mean harm."""

import base64

import hostile
from person import task


@task
def second_table(person):
    """Convert a PDF and copy its second table as CSV."""
    person.convert_sample()
    person.click("[data-view=tables]")
    person.page.locator(".table-card").nth(1).get_by_role("button", name="Copy as CSV").click()
    person.clicks += 1
    person.page.wait_for_selector(".table-card .said")
    lines = person.clipboard().splitlines()
    assert lines[0] == "Pounds,2025,2024" and '"86,000"' in lines[1] and len(lines) == 13, lines
    person.within(4)


@task
def sentence(person):
    """Find where a sentence stands on its page, and give somebody a link to it."""
    person.convert_sample()
    page, person.clicks = person.page, 0
    person.click(".panel >> text=Fog, not cloud")
    box = page.locator("ilios-pages rect.box.chosen")
    box.wait_for()
    page.wait_for_timeout(600)
    pages, found = page.locator("ilios-pages").bounding_box(), box.bounding_box()
    assert pages["y"] <= found["y"] <= pages["y"] + pages["height"], (pages, found)
    person.within(2)
    person.button("Copy link")
    link = person.clipboard()
    assert link.endswith("/p2b3"), link
    other = person.open(link[len(person.server):])
    other.wait_for_selector(".text .chosen :text('Fog'), .text .chosen:has-text('Fog')")


@task
def both_ways(person):
    """What is pointed at is lit up on the other side."""
    person.convert_sample()
    page = person.page
    page.hover(".panel >> text=The year began with the dome")
    page.wait_for_selector("ilios-pages rect.box.lit[data-block=p1b4]", state="attached")
    page.hover("ilios-pages rect[data-block=p1b5]", force=True)
    page.wait_for_selector(".text p.lit[data-block=p1b5]")
    # Words are found in the text, and shown on the page.
    page.fill(".find input", "rubidium")
    page.wait_for_selector("ilios-pages rect.box.chosen", state="attached")
    assert page.locator(".find [role=status]").inner_text() == "1 of 1"
    # Both sides scroll together.
    page.locator(".panel").hover()
    page.mouse.wheel(0, 20_000)
    person.until("document.querySelector('ilios-pages').position.page >= 3")


@task
def views(person):
    person.convert_sample()
    page = person.page
    person.click("[data-view=markdown]")
    assert page.locator(".panel pre").inner_text().startswith("# Annual Report 2025")
    person.click("[data-view=chunks]")
    page.wait_for_selector(".chunk", timeout=60_000)
    person.click("[data-view=pictures]")
    person.until("document.querySelector('.gallery img')?.naturalWidth > 0")
    person.click("[data-view=json]")
    person.click(".tree summary >> text=/^0 /")
    page.wait_for_selector(".tree :text('text_layer')")
    person.click("summary >> text=Download")
    with page.expect_download() as download:
        page.locator(".menu").get_by_role("button", name="HTML").click()
    assert download.value.suggested_filename == "annual-report.html"


PAGE_PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


@task
def page_pictures(person):
    """Where the server gives pictures of pages, they lie below the boxes; where it has none, lines are drawn."""
    person.page.route("**/pages/*.png?*", lambda route: route.fulfill(status=404, body="{}"))
    person.convert_sample()
    person.page.wait_for_selector("ilios-pages .lines text")
    address = person.page.url[len(person.server):]
    page = person.open("/console/icon.svg")
    page.route("**/pages/*.png?*", lambda route: route.fulfill(status=200, content_type="image/png", body=PAGE_PICTURE))
    page.goto(person.server + address)
    page.wait_for_selector("ilios-pages image.photo")
    assert page.locator("ilios-pages rect.box").count() > 5


@task
def harm(person):
    """Documents full of scripts: none runs, nothing is loaded, nothing becomes an element that could."""
    names = {"<img src=x onerror=alert(1)>.html": "text/html", "harm.md": "text/markdown", "harm.csv": "text/csv"}
    for name, media_type in names.items():
        content = hostile.document(media_type)
        for images in ("placeholder", "extract"):
            id_ = person.upload(name, content, media_type, images=images, comments="keep", hidden="keep", places="line")
            page = person.open(f"/#/documents/{id_}")
            page.wait_for_selector(".panel .text")
            for view in ("markdown", "tables", "chunks", "pictures", "json", "text"):
                page.click(f".tab[data-view={view}]")
            page.wait_for_timeout(300)
            look(page)
            # None of the links leads to a script.
            for href in page.evaluate("[...document.querySelectorAll('.text a')].map((link) => link.getAttribute('href') ?? '')"):
                assert href.startswith(("http://", "https://", "mailto:", "tel:", "#/documents/")), href
    page.goto(person.server + "/#/documents")
    page.wait_for_selector(".document-row")
    look(page)


def look(page):
    found = page.evaluate(
        """() => [...document.querySelectorAll("main *")].flatMap((element) => {
          const acts = [...element.attributes].filter(({ name, value }) => name.startsWith("on") || name === "srcdoc" || /^\\s*(javascript|data|vbscript):/i.test(value));
          const kind = ["SCRIPT", "IFRAME", "OBJECT", "EMBED", "LINK", "STYLE", "META", "BASE", "FORM", "VIDEO", "AUDIO", "MATH"].includes(element.tagName) ? [element.tagName] : [];
          return [...acts.map(({ name }) => `${element.tagName} ${name}`), ...kind];
        })"""
    )
    assert not found, found
    assert page.evaluate("window.ran") is None
