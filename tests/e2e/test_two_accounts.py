"""Two companies with an account each: nothing of one reaches the other."""

import pytest

from simulator.running import running_simulator
from workbench.account import Account


@pytest.fixture(scope="module")
def accounts(odoo_server):
    """`[(company id, Account), ...]`, two of them, connected."""
    with running_simulator() as one, running_simulator() as two:
        made = []
        for name, simulator in (("North Ltd", one), ("South Ltd", two)):
            company = odoo_server.call("res.company", "create", {"name": name})
            account = Account(odoo_server, simulator)
            account.connect(company_id=company)
            made.append((company, account))
        yield made


def emails(account):
    return {c["email"] for c in account.simulator.control.state()["contacts"].values()}


def test_records_go_to_the_account_of_their_company_only(odoo_server, accounts):
    (north, northern), (south, southern) = accounts
    odoo_server.call(
        "res.partner",
        "create",
        [
            {"name": "N", "email": "n@example.com", "company_id": north},
            {"name": "S", "email": "s@example.com", "company_id": south},
            {"name": "Both", "email": "both@example.com"},
        ],
    )
    northern.wait(
        "both accounts are complete",
        lambda: len(emails(northern)) >= 2 and len(emails(southern)) >= 2,
    )
    assert emails(northern) & {"n@example.com", "s@example.com"} == {"n@example.com"}
    assert emails(southern) & {"n@example.com", "s@example.com"} == {"s@example.com"}
    for company, account in accounts:
        rows = account.sql(
            "SELECT DISTINCT company_id FROM ac_binding WHERE config_id = %s",
            [account.id],
        )
        assert rows == [(company,)]
