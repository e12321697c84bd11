"""A person before the console: clicks are counted, and faults of the page are faults of the test."""


def task(function):
    """Marks a function that the command line names."""
    function.is_task, function.has_key = True, True
    return function


def task_without_key(function):
    """The same, of a person who has no key at first."""
    task(function).has_key = False
    return function


class Person:
    """A browser context of one person, whose page may load nothing from elsewhere, run no foreign script, and fail
    nowhere but at requests that a task says are refused."""

    def __init__(self, browser, server, sample, axe, key):
        self.browser, self.server, self.sample, self.axe, self.key = browser, server, sample, axe, key
        self.clicks, self.faults, self.context = 0, [], None
        self.open()

    def open(self, path="/", **options):
        """A new context at a path."""
        if self.context:
            self.context.close()
        self.context = self.browser.new_context(permissions=["clipboard-read", "clipboard-write"], **options)
        if self.key:
            self.context.add_init_script(f"sessionStorage.getItem('ilios.key') ?? sessionStorage.setItem('ilios.key', '{self.key}')")
        self.page = self.context.new_page()
        self.page.set_default_timeout(90_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("console", self._said)
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", self._asked)
        self.page.goto(self.server + path)
        self.clicks = 0
        return self.page

    def _said(self, message):
        # Of answers that are no success the browser itself tells; tasks look at what the page makes of them.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _asked(self, request):
        if not request.url.startswith((self.server, "blob:" + self.server)):
            self.faults.append(f"request: {request.url}")

    def click(self, target):
        """Clicks what a selector names."""
        self.clicks += 1
        self.page.locator(target).first.click()

    def button(self, name):
        self.clicks += 1
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def choose_files(self, *files):
        """Chooses files by the button; the dialog of the system counts as no click of the page."""
        with self.page.expect_file_chooser() as chooser:
            self.button("Choose files")
        chooser.value.set_files(list(files))

    def convert_sample(self):
        self.choose_files(self.sample)
        self.page.wait_for_selector(".reading")

    def until(self, condition):
        """Waits for a condition; the page's policy lets the browser evaluate none by itself."""
        for _ in range(300):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"never: {condition}")

    def clipboard(self):
        return self.page.evaluate("navigator.clipboard.readText()")

    def within(self, budget):
        assert self.clicks <= budget, f"{self.clicks} clicks, {budget} are allowed"

    def upload(self, name, content, media_type="text/html", **fields):
        """Converts a file beside the page; its id."""
        form = {"file": {"name": name, "mimeType": media_type, "buffer": content}, "format": "json", **fields}
        answer = self.context.request.post(f"{self.server}/v1/convert", multipart=form, headers={"Authorization": f"Bearer {self.key}"})
        assert answer.ok, answer.text()
        return answer.json()["id"]

    def leave(self):
        self.context.close()
        assert not self.faults, self.faults
