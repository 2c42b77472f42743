# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-commerce orders and carts: one request where the numbers agree.

REST shows those of both interfaces; what GraphQL has just taken it shows a little later
(REF orders). Where the numbers differ all are gone through, a hundred a request.
"""

from . import walks
from .audit_step import DELETED, FOREIGN, LINES_PER_STEP, Check, Found, Step, cause_of
from .transaction import transaction

SEEN = "order"
COPIED_AFTER = "10 minutes"
_OURS = """b.config_id = %(config)s AND b.object = 'order' AND b.remote_id IS NOT NULL
    AND NOT (COALESCE((b.sent->>'cart')::boolean, FALSE) AND NOT b.sent ? 'rest_id')"""
"""Orders that are over there; a cart that was withdrawn is none."""


def begin(config):
    """Return the first position; None without orders or a shop."""
    return {"offset": 0} if config.sync_orders and config.ac_connection_id else None


def work(config, client, at):
    """Count the orders, take a page of them, or say which differ."""
    if "there" in at:
        return _compare(config, at)
    with transaction(config.env) as env:
        connection = env["ac.odoo.config"].browse(config.id).ac_connection_id
        here = _count(env, config)
    query = {"filters[connectionid]": connection}
    page = walks.by_offset(client, "ecomOrders", at, **query)
    if page.position["total"] == here and not at["offset"]:
        return Step(None, (_check(here, here),))
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        run._saw(SEEN, {_key(row): {} for row in page.records})
        found = page.last and run._count_seen(SEEN)
    if not page.last:
        return Step(page.position)
    again = walks.once_more({**page.position, "found": found}, "ecomOrders")
    return Step(again or {"there": found})


def _key(row):
    """Return our own id of an order or a cart, else AC's."""
    return str(row.get("externalid") or row.get("externalcheckoutid") or row["id"])


def _check(here, there):
    return Check("order", "orders", here, there)


def _count(env, config):
    env.cr.execute(_COUNT, {"config": config.id})
    return env.cr.fetchone()[0]


def _compare(config, at):
    with transaction(config.env) as env:
        run = env["ac.audit.run"]._running(config)
        here = _count(env, config)
        missing, more_missing = _rows(env, run, _MISSING)
        foreign, more_foreign = _rows(env, run, _FOREIGN)
    found = [
        Found("order", id_, res_id, cause_of(state, DELETED), "record", "all")
        for id_, res_id, state in missing
    ]
    found += [Found("order", key, 0, FOREIGN, "record") for (key,) in foreign]
    check = _check(here, at["there"])
    return Step(None, (check,), tuple(found), more_missing + more_foreign)


def _rows(env, run, query):
    values = {"run": run.id, "config": run.config_id.id, "order": SEEN}
    more = {"limit": LINES_PER_STEP, "while": COPIED_AFTER}
    env.cr.execute(query, values | more)
    rows = env.cr.fetchall()
    count = rows[0][-1] - len(rows) if rows else 0
    return [row[:-1] for row in rows], count


_COUNT = f"SELECT count(*) FROM ac_binding b WHERE {_OURS}"
_MISSING = f"""
SELECT b.remote_id, b.res_id,
    CASE WHEN b.state = 'synced'
        AND b.synced_at > now() AT TIME ZONE 'UTC' - %(while)s::interval
        THEN 'sent' ELSE b.state END,
    count(*) OVER ()
FROM ac_binding b WHERE {_OURS} AND NOT EXISTS (
    SELECT 1 FROM ac_audit_seen s WHERE s.run_id = %(run)s AND s.kind = %(order)s
        AND s.remote_id = b.res_id::varchar)
ORDER BY b.id LIMIT %(limit)s
"""
_FOREIGN = f"""
SELECT s.remote_id, count(*) OVER () FROM ac_audit_seen s
WHERE s.run_id = %(run)s AND s.kind = %(order)s AND NOT EXISTS (
    SELECT 1 FROM ac_binding b WHERE {_OURS} AND b.res_id::varchar = s.remote_id)
ORDER BY s.remote_id LIMIT %(limit)s
"""
