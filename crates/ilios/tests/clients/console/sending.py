"""Sending documents: drop, choose, batch, progress, cancel, a server that goes away."""

import json

from person import task

DROP = """([name, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name));
  return transfer;
}"""


@task
def sample(person):
    """First visit: no document, and one click shows what the server does."""
    person.button("Try the sample report")
    person.page.wait_for_selector(".reading")
    assert "annual-report.pdf" in person.page.locator("h1").inner_text()
    person.within(1)


@task
def drop(person):
    transfer = person.page.evaluate_handle(DROP, ["letter.txt", list(b"Dear reader,\n\nall is well.\n")])
    person.page.wait_for_selector(".drop")
    person.page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})
    person.page.wait_for_selector(".text :text('all is well')")
    # Code of what was done: the key is never in it, the options are.
    person.button("Code")
    code = person.page.locator("#drawer pre").last.inner_text()
    assert "-F 'images=extract'" in code and "-F 'file=@letter.txt'" in code and "/api/documents/submit" in code, code
    person.button("Python")
    assert "requests.post(" in person.page.locator("#drawer pre").last.inner_text()
    person.button("TypeScript")
    assert "openAsBlob" in person.page.locator("#drawer pre").last.inner_text()


@task
def progress(person):
    """The status is asked again until the end, and each page that is done is drawn."""
    told = iter([{"pagesDone": 1, "pages": 4}, {"pagesDone": 3, "pages": 4}])
    seen = []

    def answer(route):
        pages = next(told, None)
        if pages is None:
            return route.continue_()
        body = {"id": "d" * 24, "status": "processing", "fileName": "report.pdf", "fileSize": 5, "createdAt": "2026-01-31T00:00:00Z", "progress": pages}
        return route.fulfill(status=200, content_type="application/json", body=json.dumps(body))

    person.page.route("**/api/documents/status/*", answer)
    person.page.expose_function("told", lambda text: seen.append(text))
    person.page.evaluate(
        """() => new MutationObserver(() => {
          const cells = document.querySelectorAll(".job .cells i");
          if (cells.length) told(`${document.querySelectorAll(".job .cells i.done").length} of ${cells.length}`);
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    person.convert_sample()
    assert "1 of 4" in seen and "3 of 4" in seen, seen


@task
def away(person):
    """A server that does not answer is asked again, and the conversion is found where it is."""
    person.page.wait_for_selector(".drop")
    gone = [True, True, True]
    person.page.route("**/api/documents/status/*", lambda route: route.abort() if gone and gone.pop() else route.continue_())
    person.choose_files(person.sample)
    person.page.wait_for_selector(".job :text('does not answer')")
    person.page.wait_for_selector(".reading")


@task
def cancel(person):
    """Against a server without workers, whose documents wait."""
    person.choose_files(person.sample)
    person.page.wait_for_selector(".job :text('Next in line')")
    person.button("Cancel")
    person.page.wait_for_selector(".job .badge.cancelled")
    person.within(2)


@task
def batch(person):
    """Several files are a batch; one of them fails, and says why and what to do in two clicks."""
    page = person.page
    files = [{"name": f"note-{at}.txt", "mimeType": "text/plain", "buffer": f"Note {at}".encode()} for at in range(5)]
    files.append({"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 broken"})
    page.wait_for_selector(".drop")
    page.set_input_files("#files", files)
    page.wait_for_selector(".job :text('6 of 6 documents, 1 failed')")
    page.click("text=Look at it")
    page.wait_for_selector("text=Retry 1 failed one")
    with page.expect_download() as download:
        person.button("ZIP")
    assert download.value.suggested_filename.endswith(".zip")
    person.clicks = 0
    person.click("nav >> text=Documents")
    person.click(".document-row >> text=broken.pdf")
    page.wait_for_selector(".fault strong")
    assert "Open it in the program that made it" in page.locator(".fault").inner_text()
    person.within(2)
    page.go_back()
    person.clicks = 1
    person.click("text=/^Retry 1 failed/")
    page.wait_for_selector("text=1 document will be tried again")
    person.within(3)


@task
def address(person):
    """A server that fetches nothing says so, and what to do instead."""
    person.button("From an address")
    person.page.fill(".address input", "https://example.org/report.pdf")
    person.button("Fetch and convert")
    person.page.wait_for_selector(".fault :text('drop the file here')")
