"""`kill -9` in the middle of a load: the run goes on by itself and nothing is lost.

User requirement 28.
"""

from both_sides import assert_equal, twice_bound
from faulty import end_leases, wait_until_dead_jobs_count

from workbench import people

PARTNERS, COMPANIES, TITLED = 2000, 10, 100
IMPORT = {"path": "bulk_import$", "method": "POST"}


def load(account, prefix):
    """Put partners into Odoo and start a run over everything; return the run's id."""
    people.fill(account, PARTNERS, prefix)
    people.employ(account, COMPANIES, TITLED, prefix)
    account.simulator.control.clear_log()
    return account.start_run()


def wait_for_imports(account, count):
    """Return when so many imports have arrived; the last one may be in the air."""

    def arrived():
        by_path = account.simulator.control.log()["by_path"]
        return by_path.get("POST /api/3/import/bulk_import", 0) >= count

    account.wait(f"{count} imports have arrived", arrived, pause=0.02)


def unfinished(account):
    """Return the ids of the runs that are under way, whether a server is up or not."""
    rows = account.sql("SELECT id FROM ac_sync_run WHERE state = 'running'")
    return [id_ for (id_,) in rows]


def assert_finished(account, run_id):
    run = account.finish(run_id, seconds=240)
    assert (run["failed"], run["remaining"]) == (0, 0)
    assert run["synced"] + run["skipped"] == run["total"]
    assert twice_bound(account) == []
    assert_equal(account)
    assert account.wrong_links() == set()


def test_workers_die_while_an_import_is_in_the_air(account):
    """AC has accepted it, but nobody has read the batch's number."""
    account.simulator.control.faults(
        IMPORT | {"kind": "delay", "seconds": 0.5, "times": 2},
        IMPORT | {"kind": "accept_timeout", "seconds": 25, "times": 1},
    )
    run_id = load(account, "air")
    wait_for_imports(account, 3)
    wait_until_dead_jobs_count(account)
    assert account.server.kill_workers() >= 3
    assert account.states()["sending"] > 0
    end_leases(account)
    assert_finished(account, run_id)


def test_server_dies_while_imports_wait_for_their_result(account):
    account.simulator.control.options(import_latency=4.0)
    run_id = load(account, "wait")
    wait_for_imports(account, 3)
    account.wait("something is handed over", lambda: "sent" in account.states())
    account.server.kill()
    assert account.states()["sent"] > 0
    assert unfinished(account) == [run_id]
    account.simulator.control.options(import_latency=1.0)
    account.server.start()
    end_leases(account)
    assert_finished(account, run_id)


def test_changes_survive_the_end_of_the_server(account):
    """They are committed, and what was to send them is dead before it is done."""
    call = account.server.call
    ids = call("res.partner", "search", [("email", "=like", "air%")], limit=300)
    call("res.partner", "write", ids, {"phone": "+1 555 1234"})
    account.server.kill()
    assert {"pending", "sending"} & set(account.states())
    account.server.start()
    end_leases(account)
    account.wait(
        "the changes have arrived",
        lambda: set(account.states()) <= {"synced", "skipped"},
        120,
    )
    assert_equal(account)
