"""Plays tasks in the web console with a browser, as a person does, and counts the clicks.

All tasks share one browser and one server; each is played by a person of its own, whose key no other has.

usage: console.py SERVER CHROMIUM SAMPLE AXE TASK...
  SERVER  has the key of administrators that `keys.py` names
  SAMPLE  a PDF with two tables
  AXE     axe.min.js
"""

import json
import secrets
import sys
import time
import urllib.request

from playwright.sync_api import sync_playwright

import keys
import lists
import manners
import reading
import sending
from person import Person

TASKS = {
    name: task
    for module in (sending, reading, lists, keys, manners)
    for name, task in vars(module).items()
    if getattr(task, "is_task", False)
}


def made_key(server, name):
    """The key of a new tenant; tasks may be played against the same server again."""
    request = urllib.request.Request(
        f"{server}/api/admin/keys",
        json.dumps({"name": f"{name} {secrets.token_hex(4)}"}).encode(),
        {"Authorization": f"Bearer {keys.ADMIN_KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["key"]


def main(server, chromium, sample, axe, *tasks):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name in tasks:
            began = time.monotonic()
            play = TASKS[name]
            person = Person(browser, server, sample, axe, made_key(server, name) if play.has_key else None)
            play(person)
            person.leave()
            print(f"{name}: done in {time.monotonic() - began:.1f} s", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
