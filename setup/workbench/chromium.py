"""A Chromium for browser tests: the system's, or Debian's package when we are root."""

import os
import shutil
import subprocess

from .cache import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The path of the browser; None when there is none and none can be installed."""
    return _present() or _install()


def describe() -> str:
    """Its version, or why browser tests will be skipped; for people."""
    browser = find()
    if not browser:
        return "Chromium: none here, so browser tests are skipped (install chromium)"
    done = subprocess.run([browser, "--version"], capture_output=True, text=True)
    return done.stdout.strip()


def _present() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> str | None:
    """Install Debian's chromium with apt-get, where that is ours to do."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return None
    say("Installing chromium with apt-get …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update"], install):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True)
        if done.returncode:
            say(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
            return None
    return _present()
