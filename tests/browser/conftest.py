"""A browser that has logged in, for every screen; the account is each file's own."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from workbench import paper
from workbench.chromium import PATIENCE
from workbench.chromium import window as new_window
from workbench.server import LOGIN, PASSWORD

expect.set_options(timeout=PATIENCE)

# Debian's package of Odoo leaves out a library of `mail`; its bundle says so.
MISSING = "Could not get content for"

LONGEST = ("test_first_load_screens", "test_partner_screens", "test_web_client")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest, so that no worker ends with one."""
    items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture(scope="session")
def template(workbench):
    """A database whose pages are quick the first time."""
    return workbench.screens_template()


@pytest.fixture(scope="module")
def window(chromium, odoo_server):
    """Where the administrator has logged in; what pages load is kept for the next."""
    with new_window(chromium) as context:
        page = context.new_page()
        page.goto(f"{odoo_server.url}/web/login")
        page.fill("input[name=login]", LOGIN)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]:has-text('Log in')")
        page.wait_for_selector(".o_web_client")
        page.close()
        yield context


@pytest.fixture
def screen(window, account, odoo_server):
    """A page where the administrator is logged in; fails on any script error."""
    page = window.new_page()
    with no_errors(page, odoo_server):
        yield page
    page.close()


def keep(name, content):
    """Keep a file beside the pictures, where AC_PICTURES names a folder."""
    if folder := os.environ.get("AC_PICTURES"):
        (Path(folder) / name).write_bytes(content)


@pytest.fixture
def printed(screen, odoo_server):
    """``printed(report, id)``: the pages of Odoo's PDF of a record, as `paper.pages_of`
    tells them; skips without PDFs."""
    if not shutil.which(paper.PROGRAM):  # `./setup/test` has tried to install it
        pytest.skip(paper.MISSING)

    def pages_of(report, id_):
        answer = screen.request.get(f"{odoo_server.url}/report/pdf/{report}/{id_}")
        assert answer.headers["content-type"] == "application/pdf", answer.text()
        keep(f"{report.split('.')[1]}.pdf", answer.body())
        return paper.pages_of(answer.body())

    return pages_of


@pytest.fixture
def visitor(page, account, odoo_server):
    """A page of somebody who is not logged in; fails on any script error."""
    with no_errors(page, odoo_server):
        yield page


@contextmanager
def no_errors(page, odoo_server):
    """Fails after the block on any script error that the page had."""
    errors = []

    def hear(line):
        ours = line.location["url"].startswith(odoo_server.url)
        if line.type == "error" and ours and MISSING not in line.text:
            errors.append(line.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
    yield
    assert not errors, "\n".join(errors)
