"""Two Odoo hosts on one database: one limit, one breaker, nothing twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from both_sides import assert_equal, wait_until_idle
from faulty import end_leases

from workbench import people
from workbench.server import OdooServer

PARTNERS = 600
SAVED = 40


@pytest.fixture(scope="module")
def second(workbench, odoo_server, account):
    """Another host with the same database."""
    with OdooServer(workbench.odoo, odoo_server.database) as server:
        yield server


def save(server, ids, phone):
    for id_ in ids:
        server.call("res.partner", "write", [id_], {"phone": phone})


def ask(server, account):
    """Ask from this host who we are, five times."""
    for _time in range(5):
        server.call("ac.odoo.config", "test_connection", [account.id])


def ids_of(server, prefix, limit):
    found = [("email", "=like", f"{prefix}%")]
    return server.call("res.partner", "search", found, limit=limit)


def test_a_change_arrives_within_a_minute(account, second):
    """User requirement 34, of what is saved on the host that runs no jobs."""
    new = {"name": "Ada", "email": "ada@example.com"}
    second.call("res.partner", "create", new)
    account.wait("she is there", lambda: "ada@example.com" in account.links(), 60)


def test_both_hosts_together_keep_the_limit(account, odoo_server, second):
    """User requirement 22: one loads, the other asks, people save on both."""
    people.fill(account, PARTNERS, "node")
    ids = ids_of(odoo_server, "node", 2 * SAVED)
    account.simulator.control.clear_log()
    run_id = account.start_run()
    with ThreadPoolExecutor(4) as workers:
        tests = [workers.submit(ask, second, account) for _number in range(2)]
        saves = [
            workers.submit(save, odoo_server, ids[:SAVED], "+1 555 1"),
            workers.submit(save, second, ids[SAVED:], "+1 555 2"),
        ]
        for work in (*saves, *tests):
            work.result()
    account.finish(run_id)
    wait_until_idle(account)
    log = account.simulator.control.log()
    asked = sum(entry["path"].endswith("/users/me") for entry in log["entries"])
    assert asked >= 10
    assert log["max_per_second_seen"] <= 5
    assert "429" not in log["statuses"]
    assert_equal(account)
    contacts = account.simulator.control.state("contacts")["contacts"].values()
    phones = [c["phone"] for c in contacts]
    assert (phones.count("+1 555 1"), phones.count("+1 555 2")) == (SAVED, SAVED)


def test_one_pauses_both(account, odoo_server, second):
    """What the jobs of one host have found out holds for the other, too."""
    account.write({"breaker_minimum": 5, "poll_mode": "off"})
    # a job that is under way would count its good requests of before afterwards
    busy = "SELECT 1 FROM queue_job WHERE state IN ('enqueued', 'started')"
    account.wait("no job is under way", lambda: not account.sql(busy), 60)
    account.sql("DELETE FROM ac_api_usage")  # as if the load had been long ago
    account.simulator.control.faults({"kind": "status", "status": 500})
    (ada,) = ids_of(second, "ada", 1)
    second.call("res.partner", "write", [ada], {"phone": "+1 555 3"})
    paused = "SELECT 1 FROM ac_breaker WHERE state <> 'closed'"
    account.wait("it is paused", lambda: account.sql(paused), 120)
    fields = ["breaker_state", "breaker_reason"]
    seen = [
        server.call("ac.odoo.config", "read", [account.id], fields)
        for server in (odoo_server, second)
    ]
    assert seen[0] == seen[1]
    assert "requests failed" in seen[0][0]["breaker_reason"]
    account.simulator.control.clear_faults()
    second.call("ac.odoo.config", "action_try_now", [account.id])
    wait_until_idle(account)
    assert not account.sql(paused)
    assert_equal(account)


def test_the_other_host_takes_over(account, odoo_server, second):
    """User requirement 28: the host that runs the jobs dies in the middle of a load."""
    people.fill(account, PARTNERS, "over")
    account.simulator.control.options(import_latency=4.0)
    account.simulator.control.clear_log()
    run_id = account.start_run()
    account.wait("the load goes on", lambda: "sent" in account.states())
    odoo_server.kill()
    account.server = second
    end_leases(account)
    run = account.finish(run_id, seconds=240)
    wait_until_idle(account, 240)
    assert (run["failed"], run["remaining"]) == (0, 0)
    assert account.simulator.control.log()["max_per_second_seen"] <= 5
    assert_equal(account)
