"""A Chromium for browser tests: the system's, or Debian's package when we are root."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import apt

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

# The shell is the same browser without windows: it takes half the processor's time.
SHELL = "chromium-headless-shell"
NAMES = (
    SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PATIENCE = 90_000
"""Milliseconds that a page may take on a busy machine."""
# A quiet browser: it asks nobody for anything but the pages we open.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def running() -> Iterator["Browser | None"]:
    """Playwright's handle of a headless browser, with a profile of its own.

    None where there is no browser and none can be installed.
    """
    path = find()
    if not path:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(browser: "Browser") -> Iterator["BrowserContext"]:
    """A new window with cookies and a cache of its own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def find() -> str | None:
    """The path of the browser; None when there is none and none can be installed."""
    return apt.found(SHELL, *NAMES)


def describe() -> str:
    """Its version, or why browser tests will be skipped; for people."""
    browser = find()
    if not browser:
        return "Chromium: none here, so browser tests are skipped (install chromium)"
    done = subprocess.run([browser, "--version"], capture_output=True, text=True)
    return done.stdout.strip()
