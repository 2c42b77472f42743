"""Scenarios about partners and contacts."""

import math
import statistics
import time

from .prepare import Workbench
from .stage import Stage, stage

# What AC's limits allow: contacts in an import and in a page, requests and imports.
IMPORT, PAGE, PER_SECOND, IMPORTS_PER_MINUTE = 250, 100, 5, 100
MANY, FEW = 10_000, 1_000
CHANGES = 20
MB = 1_000_000


def load(bench: Workbench) -> dict[str, float]:
    """A first synchronisation of 10,000 partners, all confirmed and linked."""
    with stage(bench) as small:
        few = _load(small, FEW)
    with stage(bench) as large:
        many = _load(large, MANY)
    return {
        **many,
        "memory_growth_mb": many["peak_memory_mb"] - few["peak_memory_mb"],
    }


def nochange(bench: Workbench) -> dict[str, float]:
    """A second synchronisation of 10,000 partners that are all unchanged."""
    with stage(bench) as scene:
        _load(scene, MANY)
        scene.wait_until_idle()
        scene.account.control.clear_log()
        started = time.monotonic()
        scene.synchronise()
        seconds = time.monotonic() - started
        return {"seconds": seconds, "contacts": MANY, "writes": _writes(scene)}


def trickle(bench: Workbench) -> dict[str, float]:
    """Single changes in an idle system: from the commit in Odoo to the request at AC."""
    with stage(bench) as scene:
        partners = _make_partners(scene, CHANGES)
        scene.connect()
        scene.synchronise()
        latencies = [_latency(scene, n, id_) for n, id_ in enumerate(partners)]
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


def _load(scene: Stage, contacts: int) -> dict[str, float]:
    _make_partners(scene, contacts)
    scene.connect()
    scene.wait_until_idle()
    scene.account.control.clear_log()
    queries = scene.job_queries()
    started = time.monotonic()
    run = scene.synchronise()
    seconds = time.monotonic() - started
    log = scene.account.control.log()
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
        "queries_per_100_contacts": (scene.job_queries() - queries)
        / run["total"]
        * 100,
        "peak_memory_mb": run["peak_memory"] / MB,
    }


def _make_partners(scene: Stage, number: int) -> list[int]:
    """Partners with phone, two tags and what five custom fields take, not yet sent."""
    tags = scene.create(
        "res.partner.category", [{"name": f"Tag {n}"} for n in range(9)]
    )
    (country,) = scene.call("res.country", "search", [("code", "=", "BE")])
    values = [
        {
            "name": f"Zoë Person{n}",
            "email": f"person{n}@example.com",
            "phone": f"+32 2 555 {n:05}",
            "function": f"Engineer {n}",
            "company_name": f"Company {n % 100}",
            "city": "Liège",
            "country_id": country,
            "lang": "en_US",
            "category_id": [(6, 0, [tags[n % 9], tags[(n + 1 + n % 7) % 9]])],
        }
        for n in range(number)
    ]
    return scene.create("res.partner", values)


def _writes(scene: Stage) -> int:
    entries = scene.account.control.log()["entries"]
    return sum(entry["method"] != "GET" for entry in entries)


def _latency(scene: Stage, number: int, partner: int) -> float:
    """Seconds from the commit of a change to its arrival; a change now and then."""
    scene.wait_until_idle()
    # Not in step with any clock: jobs start at full seconds.
    time.sleep(0.5 + number * 0.137 % 1)
    scene.account.control.clear_log()
    scene.call("res.partner", "write", [partner], {"phone": f"+32 2 777 {number:05}"})
    committed = time.time()
    return _first_write(scene) - committed


def _first_write(scene: Stage) -> float:
    """When (epoch seconds) the first change arrived at the account."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for entry in scene.account.control.log()["entries"]:
            if entry["method"] != "GET":
                return entry["t"]
        time.sleep(0.05)
    return math.inf
