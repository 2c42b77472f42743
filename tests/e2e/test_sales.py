"""Orders and products while every fifth answer of the account is a fault."""

import pytest
from both_sides import assert_sales_equal, wait_until_idle
from faulty import FAULTS

from workbench import people, sales
from workbench.demo_sales import QUIETLY, SWITCHES

ORDERS, BUYERS, CHANGED = 20, 10, 4
# One deal is made and its answer lost, whatever chance says.
TIMEOUT = {
    "kind": "accept_timeout",
    "path": "/deals$",
    "method": "POST",
    "seconds": 1,
    "times": 1,
}


@pytest.fixture(scope="module")
def loaded(account):
    """The account after a load of everything under faults, and the tries after it."""
    people.fill(account, BUYERS)
    sales.fill_orders(account, ORDERS)
    account.write(SWITCHES)
    account.simulator.control.clear_faults()
    account.simulator.control.faults(TIMEOUT, *FAULTS)
    account.finish(account.start_run(), seconds=300)
    account.simulator.control.clear_faults()
    open_ = {"failed", "pending", "sending", "sent"}
    account.wait("all have arrived", lambda: not open_ & account.states().keys(), 240)


def test_every_order_is_one_deal_and_one_order(account, loaded):
    """User requirement 12."""
    assert "dead" not in account.states()
    assert_sales_equal(account)
    counts = account.simulator.control.counts()
    assert (counts["deals"], counts["graphqlOrders"]) == (ORDERS, ORDERS)


def test_a_load_of_history_starts_no_automation(account, loaded):
    """The account's own automation would start at a purchase."""
    assert account.simulator.control.counts()["contactAutomations"] == 0


def test_cancelled_orders_are_lost_and_not_there_twice(account, loaded):
    account.simulator.control.faults(*FAULTS)
    call = account.server.call
    ids = call("sale.order", "search", [("state", "=", "sale")], limit=CHANGED)
    call("sale.order", "action_cancel", ids, context=QUIETLY)
    wait_until_idle(account)
    assert_sales_equal(account)
    deals = account.simulator.control.state("deals")["deals"].values()
    assert sum(str(deal["status"]) == "2" for deal in deals) == CHANGED


def test_account_was_faulty_and_its_limit_was_kept(account, loaded):
    log = account.simulator.control.log()
    faults = {e["fault"] for e in log["entries"] if "/deals" in e["path"]}
    assert "accept_timeout" in faults
    assert log["max_per_second_seen"] <= 5
