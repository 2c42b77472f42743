"""A copied and a neutralized database with running workers: nothing goes out of them.

The key of the secrets comes along, as it does on a shared file system: it is not what
keeps a copy silent.
"""

import shutil
import subprocess
from contextlib import contextmanager, suppress

import pytest
import requests
from told import TOKEN, form

from workbench import postgres
from workbench.account import Account
from workbench.server import OdooError, OdooServer

EMAIL = "copied@example.com"
BUSY = "SELECT 1 FROM queue_job WHERE state IN ('pending', 'enqueued', 'started')"
OTHERS = "SELECT 1 FROM pg_stat_activity WHERE datname = %s"


@pytest.fixture(scope="module")
def loaded(account):
    """An account with a contact and a webhook; its own server is switched off."""
    values = {"name": "Ada", "email": EMAIL, "phone": "+1 555 0100"}
    account.partner = account.server.call("res.partner", "create", values)
    account.wait("the contact is there", lambda: EMAIL in account.links())
    account.write({"ac_webhook_token": TOKEN})
    account.call("action_connect_webhook")
    # a job that waits is copied, too
    account.server.call("res.partner", "write", account.partner, {"phone": "2"})
    account.server.kill()
    account.wait("nobody is connected", lambda: not connected(account))
    yield account
    account.server.start()


def connected(account):
    with postgres.connect().cursor() as cursor:
        cursor.execute(OTHERS, [account.server.database])
        return cursor.fetchall()


@contextmanager
def copy_of(account, workbench, prepare=lambda name: None):
    """A server on a copy of the account's database, seen as an `Account`."""
    with workbench.fresh_database(account.server.database) as name:
        bring_key(workbench, account.server.database, name)
        prepare(name)
        account.simulator.control.clear_log()
        with OdooServer(workbench.odoo, name) as server:
            twin = Account(server, account.simulator)
            twin.id, twin.partner = account.id, account.partner
            yield twin


def bring_key(workbench, here, there):
    folder = workbench.odoo.data / "ac_odoo_connector"
    shutil.copy(folder / f"{here}.key", folder / f"{there}.key")


def report(twin):
    """Have ActiveCampaign report something to the copy; return the answer's status."""
    url, headers = f"{twin.server.url}/ac/webhook/any", {"X-AC-Webhook-Token": TOKEN}
    return requests.post(url, form(1), headers=headers, timeout=60).status_code


def states_of_events(twin):
    return {state for (state,) in twin.sql("SELECT state FROM ac_event")}


def live_on(twin):
    """People save, ActiveCampaign reports, every scheduled action of the addon runs."""
    call = twin.server.call
    call("res.partner", "write", twin.partner, {"phone": "+1 555 0103"})
    names = [("module", "=", "ac_odoo_connector"), ("model", "=", "ir.cron")]
    crons = call("ir.model.data", "search_read", names, ["res_id"])
    for cron in crons:
        with suppress(OdooError):  # the server is running it already
            call("ir.cron", "method_direct_trigger", [cron["res_id"]])
    twin.wait("no job waits", lambda: not twin.sql(BUSY))


def assert_silent(twin, doubt):
    live_on(twin)
    assert twin.simulator.control.log()["entries"] == []
    assert twin.read("place_doubt") == doubt
    assert twin.states()["pending"] >= 1


def phone(account):
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    return next(c["phone"] for c in contacts if c["email"] == EMAIL)


def test_row_23_a_copy_by_postgresql(loaded, workbench):
    """User requirement 23: same id, same address, another database."""
    with copy_of(loaded, workbench) as twin:
        assert report(twin) == 200  # it is never repeated, and this may be production
        assert_silent(twin, "database")
        assert states_of_events(twin) == {"new"}
        twin.call("action_is_production")
        twin.wait("the change is there", lambda: phone(twin).endswith("0103"))
        twin.wait("the event is read", lambda: "new" not in states_of_events(twin))


def test_row_23_a_neutralized_copy(loaded, workbench):
    """User requirement 23."""

    def neutralize(name):
        file = workbench.odoo.configuration("root:0", http_enable=False)
        command = workbench.odoo.command("neutralize", "-c", str(file), "-d", name)
        subprocess.run(command, check=True, env=workbench.odoo.environment)

    with copy_of(loaded, workbench, neutralize) as twin:
        assert report(twin) == 403
        assert_silent(twin, "neutralized")
        twin.call("action_is_copy")
        assert_silent(twin, "copy")
