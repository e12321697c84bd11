"""Lists of documents, however long; usage; deletion with an undo."""

import json
import time

from person import task

MANY = 10_000
STEPS = 25
TO_THE_END = """async () => {
  const list = document.querySelector("ilios-rows");
  for (let again = 0; again < 2000 && !/^10,000 documents$/.test(document.querySelector(".list-end").textContent); again += 1) {
    list.scrollTo(0, list.scrollHeight);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}"""


def _processor_time(person):
    """Seconds of the processes that draw pages: how long people wait on a machine that does nothing else."""
    processes = person.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(one["cpuTime"] for one in processes if one["type"] == "renderer")


def _documents(route):
    """A part of ten thousand documents, as the server gives them."""
    query = route.request.url.partition("?")[2]
    given = dict(part.split("=", 1) for part in query.split("&"))
    start = int(given.get("cursor", "0-").partition("-")[0])
    wanted = range(start, min(start + 200, MANY))
    if given.get("name"):
        wanted = [at for at in range(MANY) if given["name"] in f"document-{at}.pdf"][:200]
    documents = [
        {"id": f"d{at:023d}", "status": "completed", "fileName": f"document-{at}.pdf", "fileSize": 1000 + at, "createdAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_790_000_000 - 300 * at))}
        for at in wanted
    ]
    answer = {"documents": documents}
    if start + 200 < MANY and not given.get("name"):
        answer["nextCursor"] = f"{start + 200}-{'a' * 24}"
    route.fulfill(status=200, content_type="application/json", body=json.dumps(answer))


@task
def ten_thousand(person):
    """Ten thousand rows: few are in the page, the server finds a name among them, and scrolling keeps nobody waiting."""
    page = person.page
    page.route("**/api/documents?*", _documents)
    page.click("nav >> text=Documents")
    page.wait_for_selector(".document-row")
    page.fill(".search input", "document-9999")
    page.wait_for_selector("text=/^1 document found$/")
    page.fill(".search input", "")
    page.wait_for_selector("text=/more below/")
    page.evaluate(TO_THE_END)
    page.wait_for_selector("text=/^10,000 documents$/")
    # All are here now: a name among them is found without the server.
    page.unroute("**/api/documents?*")
    page.route("**/api/documents?*", lambda route: route.abort())
    page.fill(".search input", "DOCUMENT-9999")
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
    page.clock.install()
    page.goto(person.server + "/#/documents")
    page.reload()
    person.button("Delete kept.txt")
    page.wait_for_selector(".document-row", state="detached")
    person.button("Undo")
    page.wait_for_selector(".document-row >> text=kept.txt")
    page.clock.fast_forward(11_000)
    page.wait_for_timeout(300)
    assert not sent
    person.button("Delete kept.txt")
    page.wait_for_selector(".toast")
    page.clock.fast_forward(9_000)
    page.wait_for_timeout(300)
    assert not sent
    page.clock.fast_forward(2_000)
    page.wait_for_selector(".toast", state="detached")
    assert sent == [f"{person.server}/api/documents/{id_}"], sent


@task
def retry_day(person):
    """All that failed yesterday is tried again, by the day of the person, a few minutes after midnight, and also what is
    not loaded."""
    page = person.open("/console/icon.svg", timezone_id="Pacific/Auckland")
    # 00:05 on 10 March 2026 in Auckland, which is 13 hours ahead.
    page.clock.set_fixed_time("2026-03-09T11:05:00Z")
    loaded = [("today", "2026-03-09T11:01:00Z"), ("evening", "2026-03-09T10:59:00Z"), ("noon", "2026-03-08T23:00:00Z"), ("before", "2026-03-08T10:59:00Z")]
    document = lambda name, at: {"id": f"d{name:0>23}", "status": "failed", "fileName": f"{name}.pdf", "fileSize": 9, "createdAt": at, "error": "it is broken"}
    asked, retried = [], []

    def documents(route):
        asked.append(route.request.url)
        found = [document(*one) for one in loaded]
        if "startDate" in route.request.url:
            found = [document("evening", loaded[1][1]), document("noon", loaded[2][1]), document("hidden", "2026-03-08T20:00:00Z")]
        route.fulfill(status=200, content_type="application/json", body=json.dumps({"documents": found}))

    def retry(route):
        retried.append(route.request.url.split("/")[-2].lstrip("d0"))
        route.fulfill(status=200, content_type="application/json", body="{}")

    page.route("**/api/documents?*", documents)
    page.route("**/api/documents/*/retry", retry)
    page.goto(person.server + "/#/documents")
    yesterday = page.locator(".day", has_text="Yesterday")
    yesterday.get_by_role("button", name="Retry 2 failed ones").click()
    page.wait_for_selector("text=3 documents will be tried again")
    assert sorted(retried) == ["evening", "hidden", "noon"], retried
    day = next(url for url in asked if "startDate" in url)
    assert "startDate=2026-03-08T11%3A00%3A00.000Z" in day and "endDate=2026-03-09T10%3A59%3A59.999Z" in day, day


@task
def original(person):
    """The original of a document is saved, by an address that is followed and not read."""
    person.convert_sample()
    person.click("summary >> text=Download")
    with person.page.expect_download() as download:
        person.button("The original")
    assert download.value.suggested_filename == "annual-report.pdf"
    with open(download.value.path(), "rb") as saved, open(person.sample, "rb") as sent:
        assert saved.read() == sent.read()


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
