"""The encryption key of two hosts is rotated while people work on both."""

import pytest
import requests
from both_sides import assert_equal, wait_until_idle
from cryptography.fernet import Fernet, InvalidToken
from told import TOKEN, form

from workbench.problem import Problem
from workbench.server import OdooServer

VARIABLE = "AC_ODOO_CONNECTOR_KEY"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRETS = "SELECT ac_api_key_encrypted, ac_webhook_token_encrypted FROM ac_odoo_config"


@pytest.fixture(scope="module")
def odoo_server(workbench, template):
    """A host whose key is in its environment."""
    with workbench.fresh_database(template) as database:
        ring = {VARIABLE: OLD}
        with OdooServer(workbench.odoo, database, variables=ring) as server:
            yield server


@pytest.fixture(scope="module")
def second(workbench, odoo_server, account, webhook_token):
    """Another host with the same database and key."""
    ring = {VARIABLE: OLD}
    with OdooServer(workbench.odoo, odoo_server.database, variables=ring) as server:
        yield server


def restart(server, *keys):
    server.kill()
    server.variables = {VARIABLE: ",".join(keys)}
    server.start()


def work(account, *servers):
    """Everybody saves, asks and is told something; all of it arrives."""
    for server in servers:
        email = f"p{len(account.links())}@example.com"
        server.call("res.partner", "create", {"name": "P", "email": email})
        server.call("ac.odoo.config", "test_connection", [account.id])
        told = requests.post(
            f"{server.url}/ac/webhook/open",
            data=form(email),
            headers={"X-AC-Webhook-Token": TOKEN},
            timeout=60,
        )
        assert told.status_code == 200
        account.wait("it arrives", lambda email=email: email in account.links())


def readable(account, key):
    """Return whether a key alone can read every secret, or None if some."""
    read = set()
    for text in account.sql(SECRETS)[0]:
        try:
            Fernet(key).decrypt(text.encode())
            read.add(True)
        except InvalidToken:
            read.add(False)
    return read.pop() if len(read) == 1 else None


def test_two_hosts_one_after_the_other(account, odoo_server, second):
    work(account, odoo_server, second)
    restart(second, NEW, OLD)
    work(account, odoo_server, second)
    restart(odoo_server, NEW, OLD)
    work(account, second, odoo_server)
    assert readable(account, OLD)
    second.call("ac.odoo.config", "action_rotate_encryption_key", [account.id])
    assert readable(account, NEW) and readable(account, OLD) is False
    work(account, odoo_server, second)
    restart(odoo_server, NEW)
    work(account, odoo_server, second)
    restart(second, NEW)
    work(account, odoo_server, second)
    wait_until_idle(account)
    assert_equal(account)


def test_a_host_that_was_forgotten_says_so_and_harms_nothing(account, second):
    before = account.sql(SECRETS)
    restart(second, OLD)
    for attempt in (
        lambda: second.call("ac.odoo.config", "test_connection", [account.id]),
        lambda: second.call(
            "ac.odoo.config", "write", [account.id], {"ac_api_key": "typed"}
        ),
        lambda: second.call(
            "ac.odoo.config", "action_rotate_encryption_key", [account.id]
        ),
    ):
        with pytest.raises(Problem, match="another key"):
            attempt()
    assert account.sql(SECRETS) == before
