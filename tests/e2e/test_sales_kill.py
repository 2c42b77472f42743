"""`kill -9` in the middle of a load of deals: nothing is lost, nothing is made twice."""

import pytest
from faulty import end_leases, wait_until_dead_jobs_count

from workbench import people, sales

ORDERS, BUYERS, BEFORE = 60, 30, 20
DEAL = {"path": r"/deals$", "method": "POST"}


@pytest.fixture(scope="module")
def buyers(account):
    """The account with confirmed orders whose buyers are contacts already."""
    people.fill(account, BUYERS)
    sales.fill_orders(account, ORDERS)
    account.finish(account.start_run())
    account.write({"sync_deals": True})
    account.simulator.control.clear_log()


def wait_for_deals(account, count):
    """Return when so many deals were sent; the last one may be in the air."""

    def arrived():
        by_path = account.simulator.control.log()["by_path"]
        return by_path.get("POST /api/3/deals", 0) >= count

    account.wait(f"{count} deals have arrived", arrived, pause=0.02)


def test_workers_die_while_a_deal_is_in_the_air(account, buyers):
    """AC has made it, and nobody has read its number: it is found, not made again."""
    account.simulator.control.faults(
        DEAL | {"kind": "delay", "seconds": 0.01, "times": BEFORE},
        DEAL | {"kind": "accept_timeout", "seconds": 25, "times": 1},
    )
    run_id = account.start_run()
    wait_for_deals(account, BEFORE + 1)
    wait_until_dead_jobs_count(account)
    assert account.server.kill_workers() >= 3
    assert account.states()["sending"] > 0
    end_leases(account)
    run = account.finish(run_id, seconds=240)
    assert (run["failed"], run["remaining"]) == (0, 0)
    counts = account.simulator.control.counts()
    assert counts["deals"] == ORDERS
    log = account.simulator.control.log()
    assert log["by_path"]["POST /api/3/deals"] == ORDERS
    assert log["max_per_second_seen"] <= 5
