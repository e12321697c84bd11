"""Lists of documents, however long; usage; deletion with an undo."""

import json
import time

from person import task

MANY = 10_000
STEPS = 25


def _processor_time(person):
    """Seconds of the processes that draw pages: how long people wait on a machine that does nothing else."""
    processes = person.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(one["cpuTime"] for one in processes if one["type"] == "renderer")


def _documents(route):
    """A part of ten thousand documents, as the server gives them."""
    query = route.request.url.partition("?")[2]
    start = int(next((part[7:] for part in query.split("&") if part.startswith("cursor=")), "0-").partition("-")[0])
    documents = [
        {"id": f"d{at:023d}", "status": "completed", "fileName": f"document-{at}.pdf", "fileSize": 1000 + at, "createdAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_790_000_000 - 300 * at))}
        for at in range(start, min(start + 200, MANY))
    ]
    answer = {"documents": documents}
    if start + 200 < MANY:
        answer["nextCursor"] = f"{start + 200}-{'a' * 24}"
    route.fulfill(status=200, content_type="application/json", body=json.dumps(answer))


@task
def ten_thousand(person):
    """Ten thousand rows: few are in the page, a name among them is found, and scrolling keeps nobody waiting."""
    page = person.page
    page.route("**/api/documents?*", _documents)
    page.click("nav >> text=Documents")
    page.wait_for_selector(".document-row")
    page.fill(".search input", "document-9999")
    page.wait_for_selector("text=1 of 10,000 documents")
    page.fill(".search input", "")
    page.wait_for_selector("text=/^10,000 documents$/")
    before = _processor_time(person)
    for step in range(STEPS):
        page.evaluate("(step) => document.querySelector('ilios-rows').scrollTo(0, step * 23_000)", step)
        page.wait_for_timeout(40)
    page.evaluate("() => { const list = document.querySelector('ilios-rows'); list.scrollTo(0, list.scrollHeight); }")
    page.wait_for_selector("text=document-9999.pdf")
    assert page.locator("ilios-rows .slot").count() < 80
    each = (_processor_time(person) - before) / STEPS
    print(f"{each * 1000:.0f} ms of processor time a step")
    assert each < 0.1, each


@task
def undo(person):
    """A deletion is sent after ten seconds, and not at all when it is undone."""
    id_ = person.upload("kept.txt", b"Kept", "text/plain")
    page, sent = person.page, []
    page.on("request", lambda request: request.method == "DELETE" and sent.append(request.url))
    page.click("nav >> text=Documents")
    person.button("Delete kept.txt")
    page.wait_for_selector(".document-row", state="detached")
    person.button("Undo")
    page.wait_for_selector(".document-row >> text=kept.txt")
    page.wait_for_timeout(500)
    assert not sent
    person.button("Delete kept.txt")
    page.wait_for_selector(".toast", state="detached", timeout=20_000)
    assert sent == [f"{person.server}/api/documents/{id_}"], sent


@task
def usage(person):
    person.upload("one.txt", b"One", "text/plain")
    person.click("nav >> text=Usage")
    person.page.wait_for_selector(".figure-card >> text=pages")
    assert person.page.locator(".plot rect.column").count() == 30
    with person.page.expect_download() as download:
        person.button("CSV")
    assert download.value.suggested_filename.startswith("usage-from-")
    person.click("nav >> text=Queue")
    person.page.wait_for_selector("text=Nothing waits")
    person.click("nav >> text=Health")
    person.page.wait_for_selector(".services >> text=Database")
