"""./setup/chaos: everything goes wrong while both sides are at work.

Users edit partners and sell on two nodes, contacts read mails and a user edits them over
there. Meanwhile every fifth request goes wrong, workers and nodes are killed, PostgreSQL
crashes, the account is away and its clock jumps, webhooks come twice, late or never. In
the end nothing may be lost, doubled, over a limit or stuck: only then the status is 0.
"""

import argparse
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from . import chaos_stage, odoo_source
from .chaos_audience import Audience
from .chaos_end import Calm
from .chaos_ledger import Ledger
from .chaos_office import Office
from .chaos_people import Busy
from .chaos_report import Report, reported
from .chaos_stage import Stage
from .chaos_troubles import WEBHOOKS, Troubles, faults
from .chaos_verdict import Verdict
from .prepare import prepared

LONG = 300
"""Seconds in which everything must have happened; a shorter run has no time for it."""
MEMBERS = 30
"""People who are on a list in the beginning."""


def main(arguments: list[str]) -> int:
    """Let it break out; 0 when nothing was lost, doubled, over a limit or stuck."""
    options = _parse(arguments)
    with prepared(options.series) as bench:
        print(f"{bench.summary}; seed {options.seed}", flush=True)
        with chaos_stage.built(bench) as stage:
            report = Chaos(stage, options.seed).run(options.minutes * 60)
    print(f"\n{report.text}")
    print("\nNothing is wrong." if report.is_good else "\nSomething is WRONG.")
    return 0 if report.is_good else 1


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./setup/chaos", description=__doc__)
    parser.add_argument("--series", choices=odoo_source.SERIES, help="Odoo's series")
    parser.add_argument("--minutes", type=float, default=20, help="default 20")
    chosen = random.randrange(10_000)
    parser.add_argument("--seed", type=int, default=chosen, help="default: any")
    return parser.parse_args(arguments)


class Chaos:
    """Everybody who is busy on a stage; one seed is always the same story, told at
    another pace."""

    def __init__(self, stage: Stage, seed: int):
        self.stage = stage
        self.ledger = Ledger()
        self.started = time.monotonic()
        shares = [
            [p for p in stage.people if p.number // 10 % len(stage.nodes) == number]
            for number in range(len(stage.nodes))
        ]
        self.offices = [
            Office(number, seed, node, share, stage.products, self.ledger)
            for number, (node, share) in enumerate(
                zip(stage.nodes, shares, strict=True), 1
            )
        ]
        control = stage.simulator.control
        self.audience = Audience(seed, control, stage.people, self.ledger)
        self.troubles = Troubles(seed, stage, self._show)

    def run(self, seconds: float) -> Report:
        """Let it break out, wait for its end, and judge."""
        self._begin()
        until = time.monotonic() + seconds
        # in a short run everything happens as well
        self.troubles.pause = min(Troubles.pause, seconds / 20)
        people: list[Busy] = [*self.offices, self.audience]
        with ThreadPoolExecutor(len(people)) as pool:
            busy = [pool.submit(each.work, until) for each in people]
            # not in a thread: a server ends with the thread that started it
            self.troubles.work(until)
            for each in busy:
                each.result()
        self._show("nothing goes wrong any more")
        calm = Calm(self.stage, self.ledger)
        calm.come()
        self._show("everything has come to its end")
        verdict = Verdict(self.stage, self.ledger, calm.found)
        report = reported(self.stage, verdict, self._tallies(), calm)
        if seconds < LONG:
            report.idle = []
        return report

    def _begin(self) -> None:
        """From here on things go wrong."""
        control = self.stage.simulator.control
        self.audience.join(self.stage.people[:MEMBERS])
        state = control.state("deals", "dealStages")
        stages = [*state["dealStages"]]
        self.audience.places = {deal: stages for deal in state["deals"]}
        control.deliveries()
        control.clear_log()
        control.faults(*faults())
        control.options(**WEBHOOKS)

    def _tallies(self) -> dict[str, Counter]:
        """What everybody did, by the side on which they did it."""
        offices = sum((office.tally for office in self.offices), Counter())
        return {
            "operations in Odoo": offices,
            "operations in ActiveCampaign": self.audience.tally,
            "troubles": self.troubles.tally,
        }

    def _show(self, text: str) -> None:
        print(f"{time.monotonic() - self.started:6.0f} s  {text}", flush=True)
