"""Plays tasks in the web console with a browser, as a person does, and counts the clicks.

usage: console.py SERVER CHROMIUM SAMPLE AXE TASK...
  SAMPLE  a PDF with two tables
  AXE     axe.min.js
"""

import sys

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


def main(server, chromium, sample, axe, *tasks):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        for name in tasks:
            person = Person(browser, server, sample, axe)
            TASKS[name](person)
            person.leave()
            print(f"{name}: done")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
