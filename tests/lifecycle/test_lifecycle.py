"""The addon comes, is updated and goes without a complaint in Odoo's log."""

import pytest

from workbench.odoo import ADDON
from workbench.odoo_log import complaints
from workbench.prepare import installed

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


def test_uninstalls_without_complaint(workbench, database):
    log = workbench.odoo.shell(database, UNINSTALL)
    assert complaints(log) == []
    assert not installed(database, [ADDON])
