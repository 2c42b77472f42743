"""What ActiveCampaign tells, applied to timelines."""

import json

from . import people, simulator
from .bench_write import CONNECT
from .prepare import Workbench
from .problem import Problem

PARTNERS, EVENTS, BEFORE = 1_000, 5_000, 100_000
MARK = "EVENTS "
MEASURE = """
import json, time
import odoo.sql_db
from odoo.addons.ac_odoo_connector.engine import inbox

def status(name):
    with open("/proc/self/status") as lines:
        return next(int(x.split()[1]) for x in lines if x.startswith(name)) / 1000

partner = env["res.partner"].create({"name": "Person", "email": "person@example.com"})
env.flush_all()
env.cr.execute(%(copy)r, {"prefix": "person", "count": %(partners)d, "first": partner.id})
config = env["ac.odoo.config"].search([])
config.event_days = 3650  # the day of the events is a fixed one
env.cr.execute(
    '''
    INSERT INTO ac_binding (config_id, object, res_model, res_id, remote_id, state)
    SELECT %%s, 'contact', 'res.partner', id, id::text, 'synced'
    FROM res_partner WHERE email LIKE 'person%%%%@example.com'
    ON CONFLICT DO NOTHING RETURNING res_id
    ''',
    (config.id,),
)
ids = [id_ for (id_,) in env.cr.fetchall()]
def tell(number, type_):
    day, second = divmod(number // len(ids) * 1801 + number %% 600, 86400)
    clock = f"{second // 3600:02}:{second // 60 %% 60:02}:{second %% 60:02}"
    campaign = number // 2000 %% 3
    inbox.store(env, config, {
        "type": type_,
        "date_time": f"2026-07-{17 + day}T{clock}-05:00",
        "contact": {"id": str(ids[number %% len(ids)]), "email": "x@example.com"},
        "campaign": {"id": str(campaign), "name": f"Campaign {campaign}",
                     "message": {"subject": f"News {campaign}"},
                     "webcopy_url": "https://example.com/webcopy"},
        "link": {"id": "1", "url": f"https://example.com/offer/{number %% 7}"},
        "bounce": {"type": "soft", "code": "4.2.2", "description": "full"},
    })

tell(0, "open")  # many more like this one, from long ago
env.cr.execute(
    '''
    INSERT INTO ac_event
    SELECT (jsonb_populate_record(e, jsonb_build_object('id', made.id, 'key', 'old ' || n,
        'state', 'done', 'partner_id', (%%s)[1 + mod(n, %%s)],
        'occurred_at', e.occurred_at - n * INTERVAL '1 hour'))).*
    FROM ac_event e CROSS JOIN generate_series(1, %(before)d) n
        CROSS JOIN LATERAL (SELECT nextval('ac_event_id_seq') AS id WHERE n > 0) made
    ''',
    (ids, len(ids)),
)
env.cr.execute("DELETE FROM ac_event WHERE key NOT LIKE 'old %%%%'")
env.cr.execute("ANALYZE")

KINDS = ["open", "open", "click", "open", "click", "bounce", "open", "reply"]

def drained(count, start):
    for number in range(start, start + count):
        tell(number, KINDS[number * 7 // 5 %% len(KINDS)])
    env.cr.commit()
    env.invalidate_all()
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak begins anew (Linux)
    memory, queries = status("VmRSS"), odoo.sql_db.sql_counter
    started, cpu = time.perf_counter(), time.process_time()
    while env["ac.event"].search_count([("state", "=", "new")], limit=1):
        config._job_inbox()
        env.cr.commit()
        env.invalidate_all()
    seconds = time.perf_counter() - started
    cpu = time.process_time() - cpu
    return seconds, cpu, odoo.sql_db.sql_counter - queries, status("VmHWM") - memory

drained(200, 50_000)  # warm
env.cr.execute("SELECT max(id) FROM ac_event")
(last,) = env.cr.fetchone()
seconds, cpu, queries, memory = drained(%(events)d, 0)
env.cr.execute(
    "SELECT count(*) FILTER (WHERE state = 'done'), count(DISTINCT note_id),"
    " count(*) FROM ac_event WHERE id > %%s",
    (last,),
)
done, notes, stored = env.cr.fetchone()
env.cr.execute("SELECT sum(open_count + click_count + bounce_count + reply_count)"
    " FROM ac_engagement")
print("EVENTS " + json.dumps({
    "seconds": seconds, "cpu": cpu, "queries": queries, "memory": memory, "done": done,
    "notes": notes, "stored": stored, "counted": env.cr.fetchone()[0] - 200,
}))
"""


def drain(bench: Workbench) -> dict[str, float]:
    """5,000 opens, clicks, replies and bounces of 1,000 people; 100,000 events before."""
    values = {
        "copy": people.COPY,
        "partners": PARTNERS - 1,
        "events": EVENTS,
        "before": BEFORE,
    }
    with simulator.running() as account, bench.fresh_database() as database:
        bench.odoo.shell(database, CONNECT % (account.url, account.api_key))
        found = _found(bench.odoo.shell(database, MEASURE % values))
    return {
        "seconds": found["seconds"],
        "events": found["stored"],
        "events_per_second": found["done"] / found["seconds"],
        "odoo_cpu_seconds": found["cpu"],
        "notes": found["notes"],
        "queries_per_100_events": found["queries"] / found["stored"] * 100,
        "memory_growth_mb": found["memory"],
        "lost": EVENTS - min(found["done"], found["counted"]),
    }


def _found(output: str) -> dict[str, float]:
    for line in output.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
