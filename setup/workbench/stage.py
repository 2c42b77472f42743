"""An Odoo server and a simulated account for its addon: a stage for scenes."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from . import simulator
from .prepare import Workbench
from .problem import Problem
from .server import OdooServer

BATCH = 500
# The AC fields that the addon's default mapping fills, by their tag.
FIELDS = ("JOB_TITLE", "COMPANY", "CITY", "COUNTRY_CODE", "LANGUAGE")
# "POST /queue_job/runjob?… HTTP/1.1" 200 - <SQL queries> <seconds in SQL> <others>
JOB_QUERIES = re.compile(r'/queue_job/runjob\S* HTTP/1\.\d" \d+ - (\d+) ')


class Stage:
    """`server` and the simulator's `account`; `config` is the id of what `connect` made."""

    def __init__(self, server: OdooServer, account):
        self.server = server
        self.account = account
        self.call = server.call
        self.config = 0

    def connect(self) -> None:
        """Make the account's fields and the addon's config, and confirm it.

        Records made before it wait for `synchronise`; those made after it flow at once.
        """
        self._make_fields()
        values = {
            "name": "Stage",
            "ac_base_url": self.account.url,
            "ac_api_key": self.account.api_key,
        }
        self.config = self.call("ac.odoo.config", "create", values)
        self.call("ac.odoo.config", "action_confirm", [self.config])
        has_all = [("key", "in", FIELDS)]
        wait_for(
            "the metadata of the account",
            lambda: self.call("ac.metadata", "search_count", has_all) == len(FIELDS),
        )

    def create(self, model: str, values: list[dict]) -> list[int]:
        """Create records of `model` as the administrator; their ids."""
        context = {"tracking_disable": True}
        batches = [values[at : at + BATCH] for at in range(0, len(values), BATCH)]
        answers = [self.call(model, "create", b, context=context) for b in batches]
        return [id_ for answer in answers for id_ in answer]

    def synchronise(self, seconds: float = 900) -> dict[str, Any]:
        """Synchronise everything; the run's numbers, with peak memory in bytes."""
        run = self.call("ac.odoo.config", "action_sync_all", [self.config])["res_id"]
        shown = ["state", "total", "synced", "skipped", "failed"]
        peak = 0
        now: dict[str, Any] = {}

        def finished() -> bool:
            nonlocal peak
            peak = max(peak, self.server.memory())
            now.update(self.call("ac.sync.run", "read", [run], shown)[0])
            return now["state"] == "done"

        wait_for("the synchronisation of everything", finished, seconds, every=1.0)
        return {**now, "peak_memory": peak}

    def wait_until_idle(self) -> None:
        """Return when no job waits or runs."""
        busy = [("state", "in", ["pending", "enqueued", "started"])]
        wait_for(
            "the jobs to end", lambda: not self.call("queue.job", "search_count", busy)
        )

    def job_queries(self) -> int:
        """SQL queries of all jobs so far, as the server's log counts them."""
        return sum(map(int, JOB_QUERIES.findall(self.server.log.read_text())))

    def _make_fields(self) -> None:
        """Make the account's fields, which is not the addon's work, at no cost to it."""
        self.account.control.limits(enabled=False)
        for tag in FIELDS:
            field = {"type": "text", "title": tag.title(), "perstag": tag}
            answer = requests.post(
                f"{self.account.url}/api/3/fields",
                json={"field": field},
                headers={"Api-Token": self.account.api_key},
                timeout=30,
            )
            answer.raise_for_status()
        self.account.control.limits(enabled=True)


@contextmanager
def stage(bench: Workbench) -> Iterator[Stage]:
    """A Stage on a fresh database and a fresh account."""
    with simulator.running() as account, bench.fresh_database() as database:
        with OdooServer(bench.odoo, database) as server:
            yield Stage(server, account)


def wait_for(
    what: str, done: Callable[[], bool], seconds: float = 60, every: float = 0.2
) -> None:
    """Return when `done()`; Problem after so many seconds."""
    give_up = time.monotonic() + seconds
    while not done():
        if time.monotonic() > give_up:
            raise Problem(f"Waited {seconds:.0f} s in vain for {what}.")
        time.sleep(every)
