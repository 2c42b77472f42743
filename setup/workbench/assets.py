"""Has Odoo build what its pages load, so that no browser has to wait for it."""

import re
from urllib.parse import urljoin

import requests

from .odoo import Odoo
from .server import LOGIN, PASSWORD, OdooServer

BUNDLE = re.compile(r'"(/(?:web/assets|bus/websocket_worker_bundle)[^"]*)"')
CSRF_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
SECONDS = 90


def build(odoo: Odoo, database: str) -> None:
    """Visit the login page and the web client of `database` as a browser would.

    Odoo keeps the bundles with the database, so its clones have them.
    """
    with OdooServer(odoo, database) as server, requests.Session() as session:
        login_page = _visit(session, f"{server.url}/web/login")
        session.post(
            f"{server.url}/web/login",
            data={
                "csrf_token": CSRF_TOKEN.search(login_page)[1],
                "login": LOGIN,
                "password": PASSWORD,
            },
            timeout=SECONDS,
        ).raise_for_status()
        _visit(session, f"{server.url}/odoo")


def _visit(session: requests.Session, url: str) -> str:
    """Load a page with the bundles it names; its HTML."""
    page = session.get(url, timeout=SECONDS)
    for address in BUNDLE.findall(page.text):
        session.get(urljoin(url, address), timeout=SECONDS).raise_for_status()
    return page.text
