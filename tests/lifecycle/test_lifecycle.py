"""The addon comes, is updated and goes without a complaint in Odoo's log."""

import pytest

from workbench.odoo import ADDON
from workbench.odoo_log import complaints
from workbench.prepare import installed

LOAD = """
config = env["ac.odoo.config"].create(
    {"name": "Stage", "ac_base_url": %r, "ac_api_key": %r}
)
config.account_domain = '[("name", "=", "Acme")]'
config.action_confirm()
acme = env["res.partner"].create({"name": "Acme", "is_company": True})
env["res.partner"].create(
    {"name": "Ada", "email": "ada@example.com", "parent_id": acme.id}
)
env.cr.commit()
config._job_push()
env.cr.commit()
config.action_connect_webhook()
env.cr.commit()
"""
IN_SHELL = "print(env['ac.odoo.config']._%s())"
UNINSTALL = f"""
module = env["ir.module.module"].search([("name", "=", "{ADDON}")])
module.button_immediate_uninstall()
"""


@pytest.fixture
def database(workbench):
    with workbench.fresh_database() as name:
        yield name


def test_installs_without_complaint(workbench):
    assert complaints(workbench.install_log()) == []


def test_updates_without_complaint(workbench, database):
    log = workbench.odoo.change_modules(database, "-u", ADDON)
    assert complaints(log) == []
    assert installed(database, [ADDON])


def test_uninstalls_without_complaint(workbench, database, simulator):
    """User requirement 38: what is in ActiveCampaign stays there, but for the webhook
    that would call nobody."""
    load = LOAD % (simulator.url, simulator.api_key)
    output = workbench.odoo.shell(database, load)
    held = simulator.control.counts()
    assert (held["contacts"], held["accounts"], held["webhooks"]) == (1, 1, 1), output
    log = workbench.odoo.shell(database, UNINSTALL)
    assert complaints(log) == []
    assert not installed(database, [ADDON])
    log = simulator.control.log()["entries"]
    deleted = [entry["path"] for entry in log if entry["method"] == "DELETE"]
    assert deleted == ["/api/3/webhooks/1"]
    assert simulator.control.counts() == held | {"webhooks": 0}


def test_row_27_the_encryption_key_is_rotated_in_a_shell(
    workbench, database, simulator
):
    """User requirement 27: the connection test still passes, with the new key alone."""
    odoo = workbench.odoo
    odoo.shell(database, LOAD % (simulator.url, simulator.api_key))
    file = odoo.data / ADDON / f"{database}.key"
    old = file.read_text()
    assert "2 secrets" in odoo.shell(database, IN_SHELL % "rotate_encryption_key")
    assert file.read_text().endswith(f",{old}")
    assert "Only the new key" in odoo.shell(database, IN_SHELL % "forget_old_keys")
    assert old not in file.read_text() and "," not in file.read_text()
    answer = odoo.shell(database, "print(env['ac.odoo.config'].search([])._try_key())")
    assert "Sim Admin" in answer
