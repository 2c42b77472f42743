"""Scenarios about companies with their people, and about one tag for many."""

import math
import time

from . import bench_contacts, people
from .bench_contacts import IMPORT, MB, PER_SECOND
from .prepare import Workbench

COMPANIES, PEOPLE, TAGGED = 2_000, 8_000, 5_000
TITLED = 4  # every fourth has a job title


def load(bench: Workbench) -> dict[str, float]:
    """A first synchronisation of 2,000 companies with 8,000 people."""
    with bench_contacts.connected(bench, PEOPLE) as account:
        people.employ(account, COMPANIES, TITLED)
        bench_contacts.wait_until_idle(account)
        account.simulator.control.clear_log()
        queries, memory = bench_contacts.job_queries(account), []
        started = time.monotonic()
        run = account.finish(
            account.start_run(),
            seconds=1800,
            show=lambda run: memory.append(account.server.memory()),
        )
        seconds = time.monotonic() - started
        titles = account.sql(
            "SELECT count(*) FROM res_partner "
            "WHERE \"function\" IS NOT NULL AND email LIKE 'person%'"
        )[0][0]
        least = COMPANIES + titles + bench_contacts.floor(PEOPLE)[0]
        log = account.simulator.control.log()
        return {
            "seconds": seconds,
            "records": run["synced"],
            "records_per_minute": run["synced"] / seconds * 60,
            "requests": len(log["entries"]),
            "requests_floor": least,
            "requests_ratio": len(log["entries"]) / least,
            "seconds_floor": least / PER_SECOND,
            "seconds_ratio": seconds / (least / PER_SECOND),
            "max_requests_in_a_second": log["max_per_second_seen"],
            "queries_per_100_records": (bench_contacts.job_queries(account) - queries)
            / run["total"]
            * 100,
            "memory_growth_mb": (max(memory) - memory[0]) / MB,
            "wrong": len(account.wrong_links()),
        }


def tags(bench: Workbench) -> dict[str, float]:
    """One category added to 5,000 linked partners."""
    with bench_contacts.connected(bench, TAGGED) as account:
        account.finish(account.start_run())
        bench_contacts.wait_until_idle(account)
        account.simulator.control.clear_log()
        call = account.server.call
        started = time.monotonic()
        ids = call("res.partner", "search", [("email", "=like", "person%@example.com")])
        call("res.partner.category", "create", {"name": "Fair", "partner_ids": ids})
        call("res.partner", "action_ac_sync_now", ids)
        account.wait(
            "everybody has the tag",
            lambda: set(account.states()) <= {"synced", "skipped"},
            seconds=600,
            pause=1,
        )
        seconds = time.monotonic() - started
        requests = len(account.simulator.control.log()["entries"])
        contacts = account.simulator.control.state()["contacts"].values()
        least = 2 * math.ceil(TAGGED / IMPORT)
        return {
            "seconds": seconds,
            "contacts": TAGGED,
            "requests": requests,
            "requests_floor": least,
            "requests_ratio": requests / least,
            "wrong": sum("Fair" not in contact["tags"] for contact in contacts),
        }
