"""What an audience rule over very many partners takes."""

import json

from . import people, simulator
from .bench_write import CONNECT
from .prepare import Workbench
from .problem import Problem

PARTNERS, MEMBERS, CHANGES = 100_000, 50_000, 1_000
MARK = "RULES "
MEASURE = """
import json, time
import odoo.sql_db

def status(name):
    with open("/proc/self/status") as lines:
        return next(int(x.split()[1]) for x in lines if x.startswith(name)) / 1000

def evaluated(rule):
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # the peak begins anew (Linux)
    memory, queries = status("VmRSS"), odoo.sql_db.sql_counter
    started = time.perf_counter()
    moved = rule._evaluate()[rule.id]
    seconds = time.perf_counter() - started
    return {
        "seconds": seconds,
        "queries": odoo.sql_db.sql_counter - queries,
        "memory": status("VmHWM") - memory,
        "moved": moved,
    }

def rule(name, domain):
    config = env["ac.odoo.config"].search([])
    rule = env["ac.audience.rule"].create(
        {"name": name, "config_id": config.id, "domain": domain, "enter_tags": name}
    )
    env.cr.commit()
    return rule

partner = env["res.partner"].create({"name": "Person", "email": "person@example.com"})
env.flush_all()
env.cr.execute(%(copy)r, {"prefix": "person", "count": %(count)d, "first": partner.id})
env.cr.execute("SELECT min(id) FROM res_partner WHERE email LIKE 'person_%%@%%'")
(least,) = env.cr.fetchone()
env.cr.execute("ANALYZE res_partner")
env.cr.commit()

evaluated(rule("Warm", "[('id', '=', 1)]"))
half = "[('email', '=like', 'person_%%%%@example.com'), ('id', '%%s', %%d)]"
big = rule("Half", half %% ("<", least + %(members)d))
results = {"first": evaluated(big), "nochange": evaluated(big)}
big.domain = half %% ("<", least + %(members)d + %(changes)d)
env.cr.commit()
env.invalidate_all()
started = time.perf_counter()
preview = big.read(["matching_count", "entering_ids", "leaving_ids"])
results["preview"] = time.perf_counter() - started
results["changes"] = evaluated(big)
print("RULES " + json.dumps(results))
"""


def hundred_thousand(bench: Workbench) -> dict[str, float]:
    """A rule over 100,000 partners: 50,000 enter, nobody moves, 1,000 more enter."""
    measure = MEASURE % {
        "copy": people.COPY,
        "count": PARTNERS - 1,
        "members": MEMBERS,
        "changes": CHANGES,
    }
    with simulator.running() as account, bench.fresh_database() as database:
        bench.odoo.shell(database, CONNECT % (account.url, account.api_key))
        results = _results(bench.odoo.shell(database, measure))
    preview_seconds = results.pop("preview")
    expected = {"first": [MEMBERS, 0], "nochange": [0, 0], "changes": [CHANGES, 0]}
    if expected != {name: result["moved"] for name, result in results.items()}:
        raise Problem(f"Others moved than should have: {results}")
    return {
        "partners": PARTNERS,
        "members": MEMBERS,
        "first_seconds": results["first"]["seconds"],
        "nochange_seconds": results["nochange"]["seconds"],
        "changes_seconds": results["changes"]["seconds"],
        "preview_seconds": preview_seconds,
        "queries": max(result["queries"] for result in results.values()),
        "memory_growth_mb": max(result["memory"] for result in results.values()),
    }


def _results(output: str) -> dict[str, dict]:
    for line in output.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise Problem(f"The measurement did not end well:\n{output[-2000:]}")
