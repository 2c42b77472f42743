"""Scenarios load-1 to load-10000: what a record costs, by the size of the chunks.

Each load is a process of its own that does what the jobs do, so that its memory and
processor time are its own; the account's limits are on.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from . import bench_contacts, sales
from .account import Account
from .prepare import Workbench
from .problem import Problem

SIZES = {"contact": (50, 100, 250), "order": (25, 50, 100)}
"""Sizes of chunks that are compared; the largest are what AC takes, or the addon."""
THERE = {"contact": "contacts", "order": "graphqlOrders"}
NEAR = 1.1
"""A size is as good as the best if a record takes at most a tenth longer."""
MEMORY_MB = 60
MARK = "LOAD "
MEASURE = """
import json, time
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.ac_odoo_connector.engine import outbox, together

def status(name):
    with open("/proc/self/status") as lines:
        return next(int(x.split()[1]) for x in lines if x.startswith(name)) / 1000

own = {"contact": outbox.CHUNK, "order": together.SIZE}[%(name)r]
outbox.CHUNK = together.SIZE = %(size)d
together.CHUNKS = dict.fromkeys(together.CHUNKS, 2 * %(size)d)
env.cr.execute("DELETE FROM ac_binding WHERE object = '%(name)s'")
env.cr.execute("DELETE FROM queue_job")
env.cr.execute("UPDATE ac_odoo_config SET ac_connection_id = NULL")
env.cr.commit()
config = env["ac.odoo.config"].search([])
run = env["ac.sync.run"]._start(config, names=[%(name)r])
env.cr.commit()

def count(states):
    env.cr.execute(
        "SELECT count(*) FROM ac_binding WHERE run_id = %%s AND state = ANY(%%s)",
        (run.id, states),
    )
    return env.cr.fetchone()[0]

with open("/proc/self/clear_refs", "w") as file:
    file.write("5")  # the peak begins anew (Linux)
memory = status("VmRSS")
started, cpu = time.perf_counter(), time.process_time()
while count(["pending", "sending", "sent", "failed"]):
    try:
        config._job_run()
        env.cr.commit()
        config._job_collect()
    except RetryableJobError as error:  # the limit of imports
        time.sleep(min(error.seconds, 1))
    env.cr.commit()
    env.invalidate_all()
print("LOAD " + json.dumps({
    "seconds": time.perf_counter() - started,
    "cpu": time.process_time() - cpu,
    "memory": status("VmHWM") - memory,
    "synced": count(["synced"]),
    "own": own,
}))
"""


@dataclass(frozen=True)
class Load:
    """What a load of so many records took: milliseconds of the clock and of the
    processor a record, requests in all, MB beyond those of an idle process."""

    size: int
    ms: float
    cpu_ms: float
    requests: int
    busiest: int
    memory_mb: float
    wrong: int
    own: int


class Sweep:
    """A scenario: loads of `count` contacts and of as many orders, in chunks of several
    sizes; prints which it recommends."""

    def __init__(self, count: int):
        self.count = count

    def __call__(self, bench: Workbench) -> dict[str, float]:
        """Measure; what each load took, and the sizes that are recommended."""
        with self._connected(bench) as account:
            loads = {
                name: list(self._loads(bench, account, name, sizes))
                for name, sizes in SIZES.items()
            }
        metrics: dict[str, float] = {"records": self.count}
        for name, each in loads.items():
            metrics |= _metrics(name, each)
            print(f"  {advice(name, each)}", flush=True)
        everything = [load for each in loads.values() for load in each]
        return {
            **metrics,
            "max_requests_in_a_second": max(load.busiest for load in everything),
            "wrong": sum(load.wrong for load in everything),
        }

    @contextmanager
    def _connected(self, bench: Workbench) -> Iterator[Account]:
        """A connected account with people and orders; its server has ended."""

        def sell(account: Account) -> None:
            sales.fill_orders(account, self.count)

        with bench_contacts.connected(bench, self.count, sell) as account:
            account.write({"sync_orders": True})
            bench_contacts.wait_until_idle(account)
            account.server.kill()
            yield account

    def _loads(self, bench: Workbench, account: Account, name: str, sizes: tuple):
        """Load the same with each size; a size beyond all records is like the last."""
        control = account.simulator.control
        control.freeze(name)
        fitting = [size for size in sizes if size < self.count]
        for size in [*fitting, *sizes[len(fitting) :][:1]]:
            control.thaw(name)
            control.clear_log()
            values = {"name": name, "size": size}
            output = bench.odoo.shell(account.server.database, MEASURE % values)
            yield self._load(account, name, size, _found(output))

    def _load(self, account: Account, name: str, size: int, found: dict) -> Load:
        log = account.simulator.control.log()
        there = account.simulator.control.counts()[THERE[name]]
        synced = found["synced"]  # Odoo has some partners of its own
        return Load(
            size=size,
            ms=found["seconds"] / max(synced, 1) * 1000,
            cpu_ms=found["cpu"] / max(synced, 1) * 1000,
            requests=len(log["entries"]),
            busiest=log["max_per_second_seen"],
            memory_mb=found["memory"],
            wrong=max(0, self.count - synced) + abs(synced - there),
            own=found["own"],
        )


def recommended(loads: list[Load]) -> int:
    """The smallest size that is nearly as fast as the best, and keeps memory flat."""
    flat = [load for load in loads if load.memory_mb < MEMORY_MB] or loads
    best = min(load.ms for load in flat)
    return min(load.size for load in flat if load.ms <= NEAR * best)


def advice(name: str, loads: list[Load]) -> str:
    """What to recommend, in words, with what it rests on."""
    measured = ", ".join(
        f"{load.size}: {load.ms:.1f} ms and {load.memory_mb:.0f} MB" for load in loads
    )
    if len(loads) == 1:
        return f"{name}s: too few to recommend a size of chunks ({measured})"
    return (
        f"{name}s: chunks of {recommended(loads)} are recommended, the addon takes "
        f"{loads[0].own} (a record and the memory in chunks of {measured})"
    )


def _metrics(name: str, loads: list[Load]) -> dict[str, float]:
    metrics: dict[str, float] = {}
    for load in loads:
        metrics |= {
            f"{name}_{load.size}_ms": load.ms,
            f"{name}_{load.size}_cpu_ms": load.cpu_ms,
            f"{name}_{load.size}_requests": load.requests,
            f"{name}_{load.size}_memory_mb": load.memory_mb,
        }
    if len(loads) > 1:  # else there is nothing to compare
        metrics[f"{name}_recommended"] = recommended(loads)
    largest = loads[-1].ms / min(load.ms for load in loads)
    return {**metrics, f"{name}_largest_to_best": largest}


def _found(output: str) -> dict[str, float]:
    for line in output.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
