"""Scenarios about partners and contacts."""

import math
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from . import people, simulator
from .account import Account
from .prepare import Workbench
from .server import OdooServer

# What AC's limits allow: contacts in an import and in a page, requests and imports.
IMPORT, PAGE, PER_SECOND, IMPORTS_PER_MINUTE = 250, 100, 5, 100
MANY, FEW = 10_000, 1_000
CHANGES = 20
MB = 1_000_000
# "POST /queue_job/runjob?… HTTP/1.1" 200 - <SQL queries> <seconds in SQL> <others>
JOB_QUERIES = re.compile(r'/queue_job/runjob\S* HTTP/1\.\d" \d+ - (\d+) ')


def load(bench: Workbench) -> dict[str, float]:
    """A first synchronisation of 10,000 partners, all confirmed and linked."""
    with connected(bench, FEW) as account:
        few = _load(account)
    with connected(bench, MANY) as account:
        many = _load(account)
    growth = many["peak_memory_mb"] - few["peak_memory_mb"]
    return {**many, "memory_growth_mb": growth}


def nochange(bench: Workbench) -> dict[str, float]:
    """A second synchronisation of 10,000 partners that are all unchanged."""
    with connected(bench, MANY) as account:
        _load(account)
        wait_until_idle(account)
        account.simulator.control.clear_log()
        started = time.monotonic()
        run_id = account.start_run()
        account.wait("the run is done", lambda: account.state_of(run_id) == "done")
        seconds = time.monotonic() - started
        return {"seconds": seconds, "contacts": MANY, "writes": len(_writes(account))}


def trickle(bench: Workbench) -> dict[str, float]:
    """Single changes in an idle system: from the commit in Odoo to the request at AC."""
    with connected(bench, CHANGES) as account:
        account.finish(account.start_run())
        partners = account.server.call(
            "res.partner", "search", [("email", "=like", "person%")], limit=CHANGES
        )
        latencies = [_latency(account, n, id_) for n, id_ in enumerate(partners)]
    return {
        "changes": len(latencies),
        "p50_seconds": statistics.median(latencies),
        "p95_seconds": statistics.quantiles(latencies, n=20)[-1],
        "max_seconds": max(latencies),
    }


def floor(contacts: int) -> tuple[int, float]:
    """The fewest requests for a first load of so many contacts, and their seconds.

    Each contact is in one import of 250, each import is asked for once, and each
    contact's id is read from a page of 100 (OAS bulk-import-contacts; REF:pagination).
    """
    imports = math.ceil(contacts / IMPORT)
    requests = 2 * imports + math.ceil(contacts / PAGE)
    return requests, max(requests / PER_SECOND, imports / IMPORTS_PER_MINUTE * 60)


@contextmanager
def connected(
    bench: Workbench,
    partners: int,
    prepare: Callable[[Account], None] = lambda account: None,
) -> Iterator[Account]:
    """A server with so many partners, connected with an account; nothing sent yet.

    :param prepare: does more to the database, still unconnected
    """
    with simulator.running() as simulated, bench.fresh_database() as database:
        with OdooServer(bench.odoo, database) as server:
            account = Account(server, simulated)
            people.fill(account, partners)
            prepare(account)
            account.make_fields()
            account.connect()
            yield account


def _load(account: Account) -> dict[str, float]:
    """Synchronise everything; what it took."""
    wait_until_idle(account)
    account.simulator.control.clear_log()
    queries = job_queries(account)
    memory = []
    started = time.monotonic()
    run = account.finish(
        account.start_run(), show=lambda run: memory.append(account.server.memory())
    )
    seconds = time.monotonic() - started
    log = account.simulator.control.log()
    requests = len(log["entries"])
    least, least_seconds = floor(run["synced"])
    return {
        "seconds": seconds,
        "contacts": run["synced"],
        "contacts_per_minute": run["synced"] / seconds * 60,
        "requests": requests,
        "requests_floor": least,
        "requests_ratio": requests / least,
        "seconds_floor": least_seconds,
        "seconds_ratio": seconds / least_seconds,
        "max_requests_in_a_second": log["max_per_second_seen"],
        "refused_requests": log["statuses"].get("429", 0),
        "queries_per_100_contacts": (job_queries(account) - queries)
        / run["total"]
        * 100,
        "peak_memory_mb": max(memory) / MB,
    }


def wait_until_idle(account: Account) -> None:
    busy = "SELECT 1 FROM queue_job WHERE state IN ('pending', 'enqueued', 'started')"
    account.wait("no job waits or runs", lambda: not account.sql(busy))


def job_queries(account: Account) -> int:
    """SQL queries of all jobs so far, as the server's log counts them."""
    return sum(map(int, JOB_QUERIES.findall(account.server.log.read_text())))


def _writes(account: Account) -> list[dict]:
    """The requests in the account's log that change something."""
    entries = account.simulator.control.log()["entries"]
    return [entry for entry in entries if entry["method"] != "GET"]


def _latency(account: Account, number: int, partner: int) -> float:
    """Seconds from the commit of a change to its arrival; a change now and then."""
    wait_until_idle(account)
    # Not in step with any clock: jobs start at full seconds.
    time.sleep(0.5 + number * 0.137 % 1)
    account.simulator.control.clear_log()
    phone = {"phone": f"+32 2 777 {number:05}"}
    account.server.call("res.partner", "write", [partner], phone)
    committed = time.time()
    account.wait("the change arrives", lambda: _writes(account), pause=0.05)
    return _writes(account)[0]["t"] - committed
