"""Keys: asked for, kept in the tab, made and shown once. The server has `API_KEY=secret` and an `ADMIN_KEY`."""

from person import task_without_key

ADMIN_KEY = "an-admin-key-of-the-test"


@task_without_key
def locked(person):
    """Without a key the server refuses, and the console asks for one."""
    page = person.page
    page.wait_for_selector("dialog >> text=This server asks for an API key")
    page.fill("dialog input", "wrong")
    person.button("Use this key")
    page.wait_for_selector("dialog >> text=This server asks for an API key")
    page.fill("dialog input", "secret")
    person.button("Use this key")
    person.convert_sample()
    person.button("Code")
    assert "secret" not in page.locator("#drawer").inner_text()
    assert "Bearer $ILIOS_API_KEY" in page.locator("#drawer").inner_text()
    # Another tab has no key, for it is kept in this one.
    other = person.context.new_page()
    other.goto(person.server)
    other.wait_for_selector("dialog")
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert page.evaluate("document.cookie") == ""


@task_without_key
def make_key(person):
    """Make a key and see its first request."""
    page = person.page
    page.wait_for_selector("dialog")
    page.fill("dialog input", "secret")
    person.button("Use this key")
    page.evaluate("(key) => sessionStorage.setItem('ilios.adminKey', key)", ADMIN_KEY)
    person.clicks = 0
    person.click("nav >> text=Keys")
    page.fill("#key-name", "reader")
    person.button("Make the key")
    page.wait_for_selector(".secret code >> text=ilios_live_")
    assert "/v1/convert" in page.locator(".secret pre").inner_text()
    person.within(5)
    made = page.locator(".secret code").first.inner_text()
    answer = person.context.request.get(f"{person.server}/api/documents", headers={"Authorization": f"Bearer {made}"})
    assert answer.ok
    person.button("Revoke")
    person.button("Really revoke?")
    page.wait_for_selector(".badge.revoked")
    refused = person.context.request.get(f"{person.server}/api/documents", headers={"Authorization": f"Bearer {made}"})
    assert refused.status == 401
    page.click("summary >> text=Audit log")
    page.wait_for_selector("td >> text=key.revoke")


@task_without_key
def administer(person):
    """An administrator sees the usage of all tenants and the workers; others see neither."""
    page = person.page
    page.wait_for_selector("dialog")
    page.fill("dialog input", "secret")
    person.button("Use this key")
    person.key = "secret"
    person.upload("one.txt", b"One", "text/plain")
    person.click("nav >> text=Usage")
    page.wait_for_selector("text=Pages by day (UTC)")
    assert page.locator(".all-tenants").count() == 0
    person.click("nav >> text=Queue")
    page.wait_for_selector("text=Your documents")
    assert page.locator(".workers").count() == 0
    page.evaluate("(key) => sessionStorage.setItem('ilios.adminKey', key)", ADMIN_KEY)
    person.click("nav >> text=Usage")
    page.wait_for_selector(".all-tenants >> text=By tenant")
    assert page.locator(".all-tenants .plot rect.column").count() == 30
    assert "1 page" in page.locator(".all-tenants .shares").first.inner_text()
    person.click("nav >> text=Queue")
    page.wait_for_selector(".workers th >> text=Converting")
    assert "0 of 0 convert" in page.locator(".workers").inner_text()
