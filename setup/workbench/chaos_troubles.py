"""What goes wrong: answers of the account, processes, servers, clocks."""

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from .chaos_people import Busy
from .chaos_stage import Stage

SHARE = 0.2
"""How many requests of all go wrong."""
KINDS: list[dict] = [
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503, "retry_after": 1},
    {"kind": "drop"},
    {"kind": "accept_timeout", "seconds": 1},
    {"kind": "truncate"},
    {"kind": "empty"},
    {"kind": "delay", "seconds": 2},
]
WEBHOOKS = {"webhook_duplicate": 0.2, "webhook_reorder": 0.2, "webhook_drop": 0.05}
LONGEST_OUTAGE, LONGEST_PAUSE = 5, 8
FARTHEST = 240
"""Seconds between the account's clock and ours at most; polling asks for what happened
five minutes before once more, and opens and clicks are found in no other way."""


def faults() -> list[dict]:
    """Return rules by which every fifth request goes wrong, each kind as often.

    The first rule that hits decides, so each looks at what the others have left.
    """
    each = SHARE / len(KINDS)
    return [
        {**kind, "probability": each / (1 - number * each)}
        for number, kind in enumerate(KINDS)
    ]


class Troubles(Busy):
    """Somebody who pulls plugs; `show` is told what happens."""

    pause = 9.0

    def __init__(self, seed: int, stage: Stage, show: Callable[[str], None]):
        super().__init__("troubles", seed)
        self.stage = stage
        self.show = show

    def deeds(self) -> dict:
        """Return what goes wrong beside the account's answers."""
        return {
            "workers die": self.workers_die,
            "a node dies": self.node_dies,
            "PostgreSQL crashes": self.database_crashes,
            "the account is away": self.account_restarts,
            "the account's clock jumps": self.clock_jumps,
        }

    def workers_die(self) -> None:
        """`kill -9` of all workers of a node, its job runner among them."""
        node = self.chance.choice(self.stage.nodes)
        with suppress(psutil.NoSuchProcess):  # one has just ended by itself
            self.show(f"{node.kill_workers()} processes of {node.url} die")

    def node_dies(self) -> None:
        """`kill -9` of a whole node, which comes back after a while."""
        node, seconds = (
            self.chance.choice(self.stage.nodes),
            self._seconds(LONGEST_PAUSE),
        )
        self.show(f"{node.url} dies and is away for {seconds:.1f} s")
        node.kill()
        time.sleep(seconds)
        node.start()

    def database_crashes(self) -> None:
        """PostgreSQL ends without saving anything, and recovers."""
        seconds = self._seconds(LONGEST_OUTAGE)
        self.show(f"PostgreSQL crashes and is away for {seconds:.1f} s")
        self.stage.postgres.crash()
        time.sleep(seconds)
        self.stage.postgres.start()
        if ended := self.stage.revive():
            self.show(f"{ended} nodes had ended with it and are started again")

    def account_restarts(self) -> None:
        """Nobody answers for the account; it has forgotten nothing afterwards."""
        seconds = self._seconds(LONGEST_OUTAGE)
        self.show(f"the account is away for {seconds:.1f} s")
        self.stage.simulator.restart(seconds)

    def clock_jumps(self) -> None:
        """The account's clock jumps, ahead or back: what happens later looks older."""
        offset = self.chance.uniform(-FARTHEST, FARTHEST)
        self.show(f"the account's clock is {offset:+.0f} s from ours")
        self.stage.simulator.control.clock(offset)

    def _seconds(self, longest: float) -> float:
        return self.chance.uniform(0.5, longest)
