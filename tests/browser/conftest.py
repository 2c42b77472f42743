"""A browser that has logged in, for every screen; the account is each file's own."""

import pytest
from playwright.sync_api import expect

from workbench.chromium import PATIENCE
from workbench.server import LOGIN, PASSWORD

expect.set_options(timeout=PATIENCE)

# Debian's package of Odoo leaves out a library of `mail`; its bundle says so.
MISSING = "Could not get content for"


@pytest.fixture(scope="module")
def cookies(chromium, odoo_server):
    """What a browser has after the administrator has logged in."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{odoo_server.url}/web/login")
    page.fill("input[name=login]", LOGIN)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]:has-text('Log in')")
    page.wait_for_selector(".o_web_client")
    yield context.cookies()
    context.close()


@pytest.fixture
def visitor(page, account, odoo_server):
    """A page of somebody who is not logged in; fails on any script error."""
    errors = []

    def hear(line):
        ours = line.location["url"].startswith(odoo_server.url)
        if line.type == "error" and ours and MISSING not in line.text:
            errors.append(line.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: errors.append(f"{error} {error.stack}"))
    yield page
    assert not errors, "\n".join(errors)


@pytest.fixture
def screen(visitor, cookies):
    """A page where the administrator is logged in; fails on any script error."""
    visitor.context.add_cookies(cookies)
    return visitor
