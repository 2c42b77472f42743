"""Scenarios about companies with their people, and about one tag for many."""

import math
import time

from . import bench_contacts, people
from .account import Account
from .bench_contacts import IMPORT, MB, PER_SECOND
from .prepare import Workbench

COMPANIES, PEOPLE, TAGGED = 2_000, 8_000, 5_000
TITLED = 4  # every fourth has a job title
TITLES = "SELECT count(*) FROM res_partner WHERE parent_id > 0 AND \"function\" <> ''"
WORKS = "SELECT name, COALESCE(website, '') FROM res_partner WHERE name LIKE 'Works %'"


def load(bench: Workbench) -> dict[str, float]:
    """A first synchronisation of 2,000 companies with 8,000 people."""
    with bench_contacts.connected(bench, PEOPLE, _employ) as account:
        bench_contacts.wait_until_idle(account)
        account.simulator.control.clear_log()
        queries, memory = bench_contacts.job_queries(account), []
        started = time.monotonic()
        run = account.finish(
            account.start_run(),
            seconds=2400,
            show=lambda run: memory.append(account.server.memory()),
        )
        seconds = time.monotonic() - started
        queries = bench_contacts.job_queries(account) - queries
        return {
            "seconds": seconds,
            "companies": COMPANIES,
            "contacts": PEOPLE,
            "companies_per_minute": COMPANIES / seconds * 60,
            "contacts_per_minute": PEOPLE / seconds * 60,
            **_requests(account, seconds),
            "queries_per_100_records": queries / run["total"] * 100,
            "memory_growth_mb": (max(memory) - memory[0]) / MB,
            "wrong": _wrong(account),
        }


def _employ(account: Account) -> None:
    people.employ(account, COMPANIES, TITLED)


def _requests(account: Account, seconds: float) -> dict[str, float]:
    """Compare the requests made with the fewest that are possible.

    An account is a request of its own, so is the link of somebody with a job title: an
    import names the company only (OAS bulk-import-contacts).
    """
    log = account.simulator.control.log()
    ((titles,),) = account.sql(TITLES)
    least = COMPANIES + titles + bench_contacts.floor(PEOPLE)[0]
    return {
        "requests": len(log["entries"]),
        "requests_floor": least,
        "requests_ratio": len(log["entries"]) / least,
        "seconds_floor": least / PER_SECOND,
        "seconds_ratio": seconds / (least / PER_SECOND),
        "max_requests_in_a_second": log["max_per_second_seen"],
        "refused_requests": log["statuses"].get("429", 0),
    }


def _wrong(account: Account) -> int:
    """Count the accounts, contacts and links that only one side knows."""
    rows = account.simulator.control.state("accounts")["accounts"].values()
    accounts = {(each["name"], each["accountUrl"] or "") for each in rows}
    return (
        len(accounts ^ set(account.sql(WORKS)))
        + len(account.differences())
        + len(account.wrong_links())
    )


def tags(bench: Workbench) -> dict[str, float]:
    """One category added to 5,000 linked partners."""
    with bench_contacts.connected(bench, TAGGED) as account:
        account.finish(account.start_run())
        bench_contacts.wait_until_idle(account)
        call = account.server.call
        ids = call("res.partner", "search", [("email", "=like", "person%@example.com")])
        category = call("res.partner.category", "create", {"name": "Fair"})
        account.simulator.control.clear_log()
        started = time.monotonic()
        call("res.partner", "write", ids, {"category_id": [(4, category)]})
        account.wait(
            "everybody has the tag",
            lambda: set(account.states()) <= {"synced", "skipped"},
            seconds=600,
        )
        seconds = time.monotonic() - started
        requests = len(account.simulator.control.log()["entries"])
        least = 2 * math.ceil(TAGGED / IMPORT)
        return {
            "seconds": seconds,
            "contacts": TAGGED,
            "requests": requests,
            "requests_floor": least,
            "requests_ratio": requests / least,
            "wrong": _untagged(account, TAGGED),
        }


def _untagged(account: Account, expected: int) -> int:
    """Count the partners whose contact lacks the tag."""
    contacts = account.simulator.control.state()["contacts"].values()
    return expected - sum("Fair" in contact["tags"] for contact in contacts)
