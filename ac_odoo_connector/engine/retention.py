# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How long what piles up is kept: one table of rules, applied in small bites.

Each bite is a transaction of its own that leaves out what somebody else has locked, so
nobody waits for it. It begins behind the last one: what was deleted is not read again.
"""

import time
from typing import NamedTuple

from odoo.tools import SQL

from .transaction import transaction

BITE, FEW = 5_000, 50
"""Rows of one bite; few where each has hundreds of lines that go with it."""
SECONDS = 40
"""Of one visit, well within the time limit of a worker; the next one goes on."""
DEFAULT_DAYS = 30
"""Of rows that belong to no account."""


class Rule(NamedTuple):
    """Rows `t` whose date `since` is longer ago than the days that the setting `days`
    of their account `c` says, and of which `only` is true, are deleted or, with
    `change`, emptied; so many in one bite. With `talks` Odoo deletes their messages and
    activities, too, which no foreign key does."""

    model: str
    since: str
    days: str
    only: str = "TRUE"
    change: str | None = None
    bite: int = BITE
    talks: bool = False


SETTLED = """(t.state IN ('done', 'ignored', 'dead', 'waiting')
    OR NOT (c.active AND c.state = 'confirmed'))"""
"""What still waits is applied soon, unless nobody will: then it goes, too."""

RULES = (
    Rule(
        "ac.event",
        "create_date",
        "payload_days",
        f"t.payload IS NOT NULL AND c.payload_policy = 'drop' AND {SETTLED}",
        "payload = NULL, known = NULL, message = NULL, payload_dropped = TRUE",
    ),
    Rule("ac.event", "create_date", "event_days", SETTLED),
    Rule("ac.error.log", "last_seen", "log_days", "t.state IN ('solved', 'ignored')"),
    # what cannot be repeated any more: neither a link nor an event is left
    Rule(
        "ac.error.log",
        "last_seen",
        "event_days",
        "t.binding_id IS NULL AND t.event_id IS NULL",
    ),
    # the last run over an object says that it was loaded (`_loaded_objects`), and links
    # name the run that they came with
    Rule(
        "ac.sync.run",
        "finished_at",
        "run_days",
        """t.state IN ('done', 'stopped')
        AND EXISTS (SELECT 1 FROM ac_sync_run later
            WHERE later.config_id = t.config_id AND later.kind = t.kind
                AND later.covers IS NOT DISTINCT FROM t.covers AND later.id > t.id)
        AND NOT EXISTS (SELECT 1 FROM ac_binding b WHERE b.run_id = t.id)""",
    ),
    # the next reconciliation begins where the last complete one began
    Rule(
        "ac.reconciliation",
        "started_at",
        "log_days",
        """t.state <> 'running' AND EXISTS (SELECT 1 FROM ac_reconciliation later
            WHERE later.config_id = t.config_id AND later.state = 'done'
                AND later.id > t.id)""",
        bite=FEW,
    ),
    Rule("ac.conflict", "resolved_at", "run_days", "t.state <> 'open'"),
    Rule("ac.api.usage", "minute", "log_days"),
    Rule("ac.alert", "recovered_at", "run_days", bite=FEW, talks=True),
    Rule("ac.audit.run", "create_date", "run_days", bite=FEW),
    # who deletes an account does not delete what they did
    Rule(
        "ac.trail",
        "date",
        "trail_days",
        "c.id IS NOT NULL OR t.date < now() - INTERVAL '3 years'",
    ),
)


def purge(env, seconds=SECONDS):
    """Apply all rules; return whether something may be left for the next visit."""
    end = time.monotonic() + seconds
    rules = [rule for rule in RULES if rule.model in env]
    return any([_apply(env, rule, end) for rule in rules])


def _apply(env, rule, end):
    """Take bites until nothing is left; return whether time ran out before."""
    last = 0
    while time.monotonic() < end:
        with transaction(env) as own:
            count, last = bite(own, rule, last)
        if count < rule.bite:
            return False
    return True


def bite(env, rule, after=0):
    """Purge a rule's next rows behind an id; return how many and the last one's id."""
    table = SQL.identifier(env[rule.model]._table)
    old = _old(table, rule, after)
    if rule.talks:
        ids = [id_ for (id_,) in env.execute_query(old)]
        env[rule.model].browse(ids).unlink()
        return len(ids), max(ids, default=None)
    env.cr.execute(
        SQL(
            """
            WITH old AS MATERIALIZED (%s), gone AS (%s RETURNING t.id)
            SELECT count(*), max(id) FROM gone
            """,
            old,
            _purging(table, rule),
        )
    )
    return env.cr.fetchone()


def _old(table, rule, after):
    """Return the query of the next rows, which locks them."""
    return SQL(
        """
        SELECT t.id FROM %(table)s t
        LEFT JOIN ac_odoo_config c ON c.id = t.config_id
        WHERE t.id > %(after)s AND %(is_old)s AND (%(only)s)
        ORDER BY t.id LIMIT %(limit)s FOR UPDATE OF t SKIP LOCKED
        """,
        table=table,
        after=after,
        is_old=_is_old(rule),
        only=SQL(rule.only),
        limit=rule.bite,
    )


def _is_old(rule):
    """Return the condition; the second half lets an index of the date help."""
    return SQL(
        """t.%(since)s < %(now)s - COALESCE(c.%(days)s, %(default)s) * %(day)s
        AND t.%(since)s < %(now)s - LEAST(%(default)s,
            (SELECT min(%(days)s) FROM ac_odoo_config)) * %(day)s""",
        since=SQL.identifier(rule.since),
        days=SQL.identifier(rule.days),
        default=DEFAULT_DAYS,
        now=SQL("(now() AT TIME ZONE 'UTC')"),
        day=SQL("INTERVAL '1 day'"),
    )


def _purging(table, rule):
    if rule.change:
        return SQL(
            "UPDATE %s t SET %s FROM old WHERE t.id = old.id", table, SQL(rule.change)
        )
    return SQL("DELETE FROM %s t USING old WHERE t.id = old.id", table)
