"""What tests outside Odoo share. The workbench prepares things only when asked for."""

import os

import pytest


@pytest.fixture(scope="session")
def workbench():
    """A prepared Odoo and PostgreSQL; see `workbench.prepare.Workbench`."""
    from workbench.prepare import prepared

    with prepared(os.environ.get("AC_ODOO_SERIES")) as bench:
        yield bench


@pytest.fixture(scope="session")
def template(workbench):
    """The database that fresh ones are clones of."""
    return workbench.addon_template()


@pytest.fixture(scope="module")
def odoo_server(workbench, template):
    """An Odoo server on a fresh database; see `workbench.server.OdooServer`."""
    from workbench.server import OdooServer

    with workbench.fresh_database(template) as database:
        with OdooServer(workbench.odoo, database) as server:
            yield server


@pytest.fixture(scope="session")
def simulator_for_session():
    """The process behind `simulator`."""
    from simulator.running import running_simulator

    with running_simulator() as process:
        yield process


@pytest.fixture
def simulator(simulator_for_session):
    """A fresh account: `.url`, `.api_key`, `.control`."""
    control = simulator_for_session.control
    control.clear_faults()
    control.reset()
    control.clear_log()
    return simulator_for_session


@pytest.fixture(scope="session")
def chromium():
    """Playwright's handle of the system's Chromium; skips where there is none."""
    from workbench.chromium import running

    with running() as browser:
        if not browser:
            pytest.skip("no Chromium on this machine")
        yield browser


@pytest.fixture
def page(chromium):
    """A page of a new browser window without cookies: a Playwright page."""
    from workbench.chromium import window

    with window(chromium) as context:
        yield context.new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show the end of the server's log with a failed test that used one."""
    report = yield
    server = getattr(item, "funcargs", {}).get("odoo_server")
    if report.failed and server:
        report.sections.append(("Odoo's log", server.last_of_log()))
    return report
