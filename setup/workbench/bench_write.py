"""What the addon costs a user who saves a record."""

import json
import statistics
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from . import simulator
from .prepare import Workbench
from .problem import Problem

ROUNDS = 5
MARK = "SECONDS "
PEOPLE = """
records = env["res.partner"].create(
    [{"name": f"Person {n}", "email": f"person{n}@example.com"} for n in range(75)]
)
records = [*records, *records]
"""
SAVE = 'record.write({"phone": f"+32 2 555 {n:05}"})'
MEASURE = """
import fcntl, json, time
%(prepare)s
env.cr.commit()
seconds = []
turn = open(%(turn)r)
for n, record in enumerate(records):
    env.invalidate_all()
    fcntl.flock(turn, fcntl.LOCK_EX)
    started = time.perf_counter()
    %(save)s
    env.cr.commit()
    seconds.append(time.perf_counter() - started)
    fcntl.flock(turn, fcntl.LOCK_UN)
print("SECONDS " + json.dumps(seconds[30:]))
"""
CONNECT = """
env["ac.odoo.config"].create(
    {"name": "Stage", "ac_base_url": %r, "ac_api_key": %r}
).action_confirm()
env.cr.commit()
"""


def overhead(bench: Workbench) -> dict[str, float]:
    """Writing and committing one partner, with the addon at work and without it."""
    return compared(bench, PEOPLE, SAVE, CONNECT)


def compared(
    bench: Workbench, prepare: str, save: str, connect: str
) -> dict[str, float]:
    """What saving and committing takes, with the addon at work and without it.

    Two processes save in turns, one record each, so that whatever else the machine
    does slows both; the middle one of a few such rounds counts.

    :param prepare: Python that makes `records`
    :param save: Python that changes `record`, the `n`-th of them
    :param connect: Python that connects an account; its address and key are filled in
    """
    plain = bench.dependencies_template()
    with (
        simulator.running() as account,
        bench.fresh_database(plain) as without,
        bench.fresh_database() as with_addon,
    ):
        bench.odoo.shell(with_addon, connect % (account.url, account.api_key))
        rounds = [
            _in_turns(bench, (without, with_addon), prepare, save)
            for _round in range(ROUNDS)
        ]
    seconds, more = sorted(rounds, key=lambda pair: pair[1] / pair[0])[ROUNDS // 2]
    return {
        "without_ms": seconds * 1000,
        "with_ms": more * 1000,
        "ratio": more / seconds,
    }


def _in_turns(bench: Workbench, databases: tuple, prepare: str, save: str) -> list:
    """Return the median seconds of a save in each database."""
    with TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        turn = Path(folder, "turn")
        turn.touch()
        code = MEASURE % {"prepare": prepare, "save": save, "turn": str(turn)}
        return list(pool.map(partial(_median, bench, code), databases))


def _median(bench: Workbench, code: str, database: str) -> float:
    output = bench.odoo.shell(database, code)
    for line in output.splitlines():
        if MARK in line:
            return statistics.median(json.loads(line.partition(MARK)[2]))
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
