"""./setup/bench: how fast and how frugal the addon is, against AC's real limits.

Each scenario runs on a fresh database with a real Odoo server and the simulated
account, whose limits (5 requests a second, 100 imports a minute) are on.
"""

import argparse
import json
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import (
    bench_companies,
    bench_contacts,
    bench_echo,
    bench_events,
    bench_load,
    bench_purge,
    bench_rules,
    bench_sales,
    bench_webhooks,
    bench_write,
    odoo_source,
)
from .prepare import Workbench, prepared
from .problem import Problem

Metrics = dict[str, float]
OPERATORS = {"<": operator.lt, "<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Scenario:
    """`run` measures; `goals` say which numbers are good: name -> (operator, value)."""

    run: Callable[[Workbench], Metrics]
    goals: dict[str, tuple[str, float]] = field(default_factory=dict)

    def judge(self, metrics: Metrics) -> dict[str, dict]:
        """Each goal with whether `metrics` meet it."""
        return {
            name: {"op": op, "value": value, "met": OPERATORS[op](metrics[name], value)}
            for name, (op, value) in self.goals.items()
        }


LOAD_GOALS: dict[str, tuple[str, float]] = {
    "contact_largest_to_best": ("<=", 1.1),
    "order_largest_to_best": ("<=", 1.1),
    "max_requests_in_a_second": ("<=", 5),
    "wrong": ("<=", 0),
}
SCENARIOS = {
    "companies-load": Scenario(
        bench_companies.load,
        {
            "requests_ratio": ("<=", 1.2),
            "max_requests_in_a_second": ("<=", 5),
            "memory_growth_mb": ("<", 60),
            "wrong": ("<=", 0),
        },
    ),
    "confirm-overhead": Scenario(bench_sales.confirmation, {"ratio": ("<=", 1.10)}),
    "contacts-load": Scenario(
        bench_contacts.load,
        {
            "contacts_per_minute": (">=", 12_000),
            "requests_ratio": ("<=", 1.2),
            "memory_growth_mb": ("<", 60),
        },
    ),
    "contacts-nochange": Scenario(
        bench_contacts.nochange, {"writes": ("<=", 0), "seconds": ("<", 10)}
    ),
    "contacts-trickle": Scenario(
        bench_contacts.trickle, {"p50_seconds": ("<", 2), "p95_seconds": ("<", 5)}
    ),
    "deals-load": Scenario(
        bench_sales.deals,
        {
            "requests_per_second_ratio": (">=", 0.95),
            "requests_per_deal": ("<=", 1.05),
            "max_requests_in_a_second": ("<=", 5),
            "wrong": ("<=", 0),
        },
    ),
    "echo": Scenario(
        bench_echo.echo,
        {
            "writes_per_change_in_odoo": ("<=", 1),
            "writes_per_change_over_there": ("<=", 0),
            "wrong": ("<=", 0),
        },
    ),
    **{
        f"load-{count}": Scenario(bench_load.Sweep(count), LOAD_GOALS)
        for count in (1, 100, 1_000, 10_000)
    },
    "orders-load": Scenario(
        bench_sales.orders,
        {
            "orders_per_minute": (">=", 3_000),
            "memory_growth_mb": ("<", 60),
            "max_requests_in_a_second": ("<=", 5),
            "wrong": ("<=", 0),
        },
    ),
    "products-load": Scenario(
        bench_sales.products,
        {
            "requests_ratio": ("<=", 1.2),
            "memory_growth_mb": ("<", 60),
            "wrong": ("<=", 0),
        },
    ),
    "purge-1m": Scenario(
        bench_purge.purge,
        {
            "rows": (">=", 1_000_000),
            "longest_bite_seconds": ("<", 5),
            "longest_other_work_seconds": ("<", 5),
            "other_work_failed": ("<=", 0),
            "memory_growth_mb": ("<", 60),
            "left": ("<=", 0),
            "lost": ("<=", 0),
        },
    ),
    "rules-100k": Scenario(
        bench_rules.hundred_thousand, {"memory_growth_mb": ("<", 60)}
    ),
    "tags-change": Scenario(
        bench_companies.tags, {"requests_ratio": ("<=", 1.2), "wrong": ("<=", 0)}
    ),
    "webhooks-accept": Scenario(
        bench_webhooks.accept,
        {
            "ratio": (">=", 0.7),
            "p99_ms": ("<", 500),
            "refused": ("<=", 0),
            "lost": ("<=", 0),
            "twice": ("<=", 0),
        },
    ),
    "webhooks-drain": Scenario(
        bench_events.drain,
        {
            "events_per_second": (">=", 200),
            "memory_growth_mb": ("<", 60),
            "lost": ("<=", 0),
        },
    ),
    "write-overhead": Scenario(bench_write.overhead, {"ratio": ("<=", 1.10)}),
}


def main(arguments: list[str]) -> int:
    """Run the named scenarios (default: all); 0 unless one could not run or has missed a goal."""
    options = _parse(arguments)
    results, broken = [], []
    with prepared(options.series) as bench:
        print(bench.summary, flush=True)
        for name in options.names or SCENARIOS:
            print(f"\n{name} …", flush=True)
            try:
                results.append(_result(name, bench))
            except Problem as problem:
                print(problem)
                broken.append(name)
            else:
                print(table(results[-1]), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")
    missed = [r for r in results if not all(g["met"] for g in r["goals"].values())]
    return 1 if broken or missed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    parser.add_argument("--series", choices=odoo_source.SERIES, help="Odoo's series")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write results there")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(SCENARIOS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {[*SCENARIOS]}")
    return options


def _result(name: str, bench: Workbench) -> dict:
    metrics = SCENARIOS[name].run(bench)
    return {
        "scenario": name,
        "metrics": {key: round(value, 3) for key, value in metrics.items()},
        "goals": SCENARIOS[name].judge(metrics),
    }


def table(result: dict) -> str:
    """The metrics of `result`, one a line, with their goals."""
    return "\n".join(
        f"  {name:26}{value:>12,.2f}   {_verdict(result['goals'].get(name))}".rstrip()
        for name, value in result["metrics"].items()
    )


def _verdict(goal: dict | None) -> str:
    if not goal:
        return ""
    return f"{'met' if goal['met'] else 'MISSED'} (goal {goal['op']} {goal['value']:,})"
