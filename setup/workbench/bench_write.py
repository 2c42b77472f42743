"""What the addon costs a user who saves a record."""

import json
import statistics

from . import simulator
from .prepare import Workbench
from .problem import Problem

ROUNDS = 3
STRETCH = 20
MARK = "SECONDS "
PEOPLE = """
records = env["res.partner"].create(
    [{"name": f"Person {n}", "email": f"person{n}@example.com"} for n in range(75)]
)
records = [*records, *records]
"""
SAVE = 'record.write({"phone": f"+32 2 555 {n:05}"})'
MEASURE = """
import json, time
%(prepare)s
env.cr.commit()
seconds = []
for n, record in enumerate(records):
    env.invalidate_all()
    started = time.perf_counter()
    %(save)s
    env.cr.commit()
    seconds.append(time.perf_counter() - started)
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

    Both are measured in turns; the quietest stretch of each counts.

    :param prepare: Python that makes `records`
    :param save: Python that changes `record`, the `n`-th of them
    :param connect: Python that connects an account; its address and key are filled in
    """
    measure = MEASURE % {"prepare": prepare, "save": save}
    plain = bench.dependencies_template()
    with (
        simulator.running() as account,
        bench.fresh_database(plain) as without,
        bench.fresh_database() as with_addon,
    ):
        bench.odoo.shell(with_addon, connect % (account.url, account.api_key))
        pairs = [
            (_quietest(bench, without, measure), _quietest(bench, with_addon, measure))
            for _ in range(ROUNDS)
        ]
    without_seconds, with_seconds = map(min, zip(*pairs, strict=True))
    return {
        "without_ms": without_seconds * 1000,
        "with_ms": with_seconds * 1000,
        "ratio": with_seconds / without_seconds,
    }


def _quietest(bench: Workbench, database: str, measure: str) -> float:
    """Return the lowest median of the stretches: others use the machine as well."""
    output = bench.odoo.shell(database, measure)
    for line in output.splitlines():
        if MARK in line:
            seconds = json.loads(line.partition(MARK)[2])
            starts = range(0, len(seconds), STRETCH)
            return min(statistics.median(seconds[n : n + STRETCH]) for n in starts)
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
