"""What tests outside Odoo share. The workbench prepares things only when asked for."""

import os

import pytest


@pytest.fixture(scope="session")
def workbench():
    """A prepared Odoo and PostgreSQL; see `workbench.prepare.Workbench`."""
    from workbench.prepare import prepared

    with prepared(os.environ.get("AC_ODOO_SERIES")) as bench:
        yield bench
