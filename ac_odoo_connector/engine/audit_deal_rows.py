# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Both sides' deals as rows of ``ac.audit.seen``: sums, and what differs."""

from ..mapping import event as spelled
from .audit_step import LINES_PER_STEP, LOST, UNHEARD, UNSENT, Check, Found, cause_of

HERE, THERE = "deal here", "deal there"
STATUS = {"0": "Open", "1": "Won", "2": "Lost"}


def pipeline_names(env, config):
    """Return ``{AC id: name}``."""
    entries = env["ac.metadata"]._entries(config, "pipeline")
    return {entry.remote_id: entry.name for entry in entries}


def place_names(env, config):
    """Return ``{("pipeline" or "stage", AC id): name}``."""
    return {
        (kind, entry.remote_id): entry.name
        for kind in ("pipeline", "stage")
        for entry in env["ac.metadata"]._entries(config, kind)
    }


def checks(env, run, names):
    """Return a count and a value of every pipeline and currency, and what is open over
    there without being an order's."""
    env.cr.execute(_SUMS, {"run": run.id, "here": HERE, "there": THERE})
    found = []
    for group, currency, ours, *numbers in env.cr.fetchall():
        label = f"{names.get(group, group)}, {currency.upper()}"
        count_here, value_here, count_there, value_there = map(float, numbers)
        told = {"info": not ours, "currency": currency.upper()}
        found += [
            Check("deal", label, count_here, count_there, **told),
            Check("deal", label, value_here / 100, value_there / 100, "value", **told),
        ]
    return found


_SUMS = """
WITH side AS (
    SELECT s.kind, s.data->>'group' AS grp, lower(s.data->>'currency') AS currency,
        (s.data->>'value')::numeric AS value, s.kind = %(here)s OR EXISTS (
            SELECT 1 FROM ac_audit_seen h WHERE h.run_id = s.run_id
                AND h.kind = %(here)s AND h.remote_id = s.remote_id) AS ours
    FROM ac_audit_seen s WHERE s.run_id = %(run)s
        AND s.kind IN (%(here)s, %(there)s) AND s.data->>'status' = '0')
SELECT grp, currency, ours,
    count(*) FILTER (WHERE kind = %(here)s),
    COALESCE(sum(value) FILTER (WHERE kind = %(here)s), 0),
    count(*) FILTER (WHERE kind = %(there)s),
    COALESCE(sum(value) FILTER (WHERE kind = %(there)s), 0)
FROM side GROUP BY grp, currency, ours ORDER BY ours DESC, grp, currency
"""


def differences(env, run, names):
    """Return ``(findings, how many deals more)`` of those that are open over there."""
    values = {"run": run.id, "here": HERE, "there": THERE, "limit": LINES_PER_STEP}
    env.cr.execute(_DIFFERENT, values)
    rows = env.cr.fetchall()
    stages = place_names(env, run.config_id)
    found = [
        each
        for remote_id, here, there, _count in rows
        for each in _found(remote_id, here, there, names, stages)
    ]
    return found, rows[0][-1] - len(rows) if rows else 0


_DIFFERENT = """
SELECT h.remote_id, h.data, t.data, count(*) OVER ()
FROM ac_audit_seen h JOIN ac_audit_seen t
    ON t.run_id = h.run_id AND t.kind = %(there)s AND t.remote_id = h.remote_id
WHERE h.run_id = %(run)s AND h.kind = %(here)s AND (
    h.data->>'status' <> '0' OR h.data->>'group' <> t.data->>'group'
    OR (h.data->>'value')::numeric <> (t.data->>'value')::numeric
    OR lower(h.data->>'currency') <> lower(t.data->>'currency'))
ORDER BY h.remote_id LIMIT %(limit)s
"""


def _found(remote_id, here, there, names, stages):
    """Return a finding for each of status, pipeline and value that differs."""
    about = ("deal", remote_id, here["res_id"])
    place = _cause(here, UNHEARD), spelled.of_deal(there, stages)
    if here["status"] != there["status"]:
        words = STATUS.get(here["status"], ""), STATUS["0"]
        yield Found(*about, place[0], "status", "place", *words, place[1])
    elif here["group"] != there["group"]:
        words = [names.get(side["group"], side["group"]) for side in (here, there)]
        yield Found(*about, place[0], "pipeline", "place", *words, place[1])
    worth = [_worth(side) for side in (here, there)]
    if worth[0] != worth[1]:
        yield Found(*about, _cause(here, LOST), "value", "value", *worth)


def _cause(here, otherwise):
    return cause_of(here["state"], UNSENT if here["unsent"] else otherwise)


def _worth(side):
    return f"{float(side['value']) / 100:.2f} {side['currency'].upper()}"


def not_open(env, run, limit):
    """Return ``([[AC id, what Odoo says], …], how many more)`` of deals that are open
    here alone."""
    values = {"run": run.id, "here": HERE, "there": THERE, "limit": limit}
    env.cr.execute(
        """
        SELECT h.remote_id, h.data, count(*) OVER () FROM ac_audit_seen h
        WHERE h.run_id = %(run)s AND h.kind = %(here)s AND h.data->>'status' = '0'
            AND NOT EXISTS (
                SELECT 1 FROM ac_audit_seen t WHERE t.run_id = h.run_id
                    AND t.kind = %(there)s AND t.remote_id = h.remote_id)
        ORDER BY h.remote_id LIMIT %(limit)s
        """,
        values,
    )
    rows = env.cr.fetchall()
    deals = [[remote_id, data] for remote_id, data, _count in rows]
    return deals, rows[0][-1] - len(rows) if rows else 0
