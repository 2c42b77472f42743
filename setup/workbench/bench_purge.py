"""A million old rows are deleted while people save and events arrive."""

import json

from . import simulator
from .bench_write import CONNECT
from .prepare import Workbench
from .problem import Problem

EVENTS, ERRORS, RUNS, RECONCILIATIONS = 600_000, 350_000, 30_000, 20_000
YOUNG = 50_000
MARK = "PURGED "
FILL = """
config = env["ac.odoo.config"].search([])
config.action_confirm()
env["res.partner"].create(
    [{"name": f"Person {n}", "email": f"person{n}@example.com"} for n in range(50)]
)
env.cr.commit()
def fill(sql, days, count):
    env.cr.execute(sql, {"config": config.id, "days": days, "count": count})
    env.cr.commit()

WHEN = "now() AT TIME ZONE 'UTC' - %%(days)s * INTERVAL '1 day'"
EVENTS = f'''
    INSERT INTO ac_event (config_id, type, remote_contact_id, occurred_at, payload,
        payload_dropped, source, key, state, tries, create_date)
    SELECT %%(config)s, 'open', (n %%%% 1000)::text, {WHEN},
        CASE WHEN n %%%% 10 = 0 THEN '{{"type": "open"}}'::jsonb END, n %%%% 10 <> 0,
        'webhook', %%(days)s || '-' || n, 'done', 0, {WHEN}
    FROM generate_series(1, %%(count)s) n'''
ERRORS = f'''
    INSERT INTO ac_error_log (config_id, direction, operation, message, hint, trace,
        state, count, first_seen, last_seen, create_date)
    SELECT %%(config)s, 'push', 'Send: Contact', 'Refused ' || n, repeat('x', 80),
        repeat('trace ', 60), 'solved', 1, {WHEN}, {WHEN}, {WHEN}
    FROM generate_series(1, %%(count)s) n'''
RUNS = f'''
    INSERT INTO ac_sync_run (config_id, name, kind, covers, state, finished_at)
    SELECT %%(config)s, 'Run ' || n, 'chosen', 'product', 'done', {WHEN}
    FROM generate_series(1, %%(count)s) n'''
RECONCILIATIONS = f'''
    INSERT INTO ac_reconciliation (config_id, state, started_at)
    SELECT %%(config)s, 'done', {WHEN} FROM generate_series(1, %%(count)s) n'''
TABLES = {
    "ac_event": (EVENTS, %(events)d),
    "ac_error_log": (ERRORS, %(errors)d),
    "ac_sync_run": (RUNS, %(runs)d),
    "ac_reconciliation": (RECONCILIATIONS, %(reconciliations)d),
}
for sql, count in TABLES.values():
    fill(sql, 500, count)
    fill(sql, 1, min(count, %(young)d))
env.cr.execute("ANALYZE")
env.cr.commit()
def rows():
    found = {}
    for table in TABLES:
        env.cr.execute(f"SELECT count(*) FROM {table}")
        (found[table],) = env.cr.fetchone()
    env.cr.rollback()
    return found
"""
MEASURE = (
    FILL
    + """
import itertools, json, threading, time
from odoo import SUPERUSER_ID, api
from odoo.addons.ac_odoo_connector.engine import inbox, outbox, retention
from odoo.addons.ac_odoo_connector.activecampaign import Rejected

def peak():
    with open("/proc/self/status") as lines:
        return next(int(x.split()[1]) for x in lines if x.startswith("VmHWM")) / 1000

bites, waits, made, failures = [], [], {"event": 0, "error": 0}, []
real = retention.bite
def timed(*arguments):
    started = time.perf_counter()
    try:
        return real(*arguments)
    finally:
        bites.append(time.perf_counter() - started)
retention.bite = timed
over = threading.Event()

def save(own, number):
    people = own["res.partner"].search([("email", "like", "person%%@example.com")])
    people[number %% len(people)].phone = f"+32 2 555 {number:05}"

def hear(own, number):
    seconds = f"{number // 3600 %% 24:02}:{number // 60 %% 60:02}:{number %% 60:02}"
    told = {"type": "open", "date_time": f"2026-07-17T{seconds}-05:00",
            "contact": {"id": str(number)}, "campaign": {"id": "1"}}
    made["event"] += inbox.store(own, own["ac.odoo.config"].browse(config.id), told)

def refuse(own, number):
    link = own["ac.binding"].search([], limit=1, offset=number %% 20)
    error = Rejected(f"Refused anew {number}", status=422)
    own["ac.error.log"]._record_outcomes(
        [outbox.Outcome(link.id, "failed", error=error)])
    made["error"] += 1

def work():
    for number in itertools.count():
        if over.is_set():
            return
        for step in (save, hear, refuse):
            started = time.perf_counter()
            try:
                with env.registry.cursor() as cr:
                    step(api.Environment(cr, SUPERUSER_ID, {}), number)
            except Exception as error:
                failures.append(repr(error))
            waits.append(time.perf_counter() - started)
            time.sleep(0.02)

config._job_push()
env.cr.commit()
before, memory = rows(), peak()
worker = threading.Thread(target=work)
worker.start()
visits, started = 1, time.perf_counter()
while retention.purge(env):
    visits += 1
seconds = time.perf_counter() - started
over.set()
worker.join()
after = rows()
gone = {table: before[table] - after[table] for table in TABLES}
gone["ac_event"] += made["event"]
gone["ac_error_log"] += made["error"]
old = {table: count for table, (sql, count) in TABLES.items()}
for name in failures[:5]:
    print(name)
print("PURGED " + json.dumps({
    "seconds": seconds, "visits": visits, "bites": bites, "waits": waits,
    "gone": sum(gone.values()), "memory": peak() - memory, "failed": len(failures),
    "left": sum(max(0, old[table] - gone[table]) for table in TABLES),
    "lost": sum(max(0, gone[table] - old[table]) for table in TABLES),
}))
"""
)


def purge(bench: Workbench) -> dict[str, float]:
    """A million rows of 500 days ago, 140,000 of yesterday; somebody saves partners,
    takes events in and notes errors all the time."""
    values = {
        "events": EVENTS,
        "errors": ERRORS,
        "runs": RUNS,
        "reconciliations": RECONCILIATIONS,
        "young": YOUNG,
    }
    with simulator.running() as account, bench.fresh_database() as database:
        bench.odoo.shell(database, CONNECT % (account.url, account.api_key))
        found = _found(bench.odoo.shell(database, MEASURE % values))
    waits = sorted(found["waits"])
    return {
        "seconds": found["seconds"],
        "rows": found["gone"],
        "rows_per_second": found["gone"] / found["seconds"],
        "visits": found["visits"],
        "longest_bite_seconds": max(found["bites"]),
        "other_work_done": len(waits),
        "p95_of_other_work_ms": waits[int(len(waits) * 0.95)] * 1000,
        "longest_other_work_seconds": waits[-1],
        "other_work_failed": found["failed"],
        "memory_growth_mb": found["memory"],
        "left": found["left"],
        "lost": found["lost"],
    }


def _found(output: str) -> dict:
    for line in output.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
