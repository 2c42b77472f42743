# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The inbox: what ActiveCampaign told us, stored first and applied afterwards.

Webhook, polling, reconciliation and replay differ only in how they `store`; there is
one way to apply (`engine.drain`). Claims are leases, like those of the outbox: events
whose worker died are taken again.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from ..activecampaign import WebhookEvent
from .wake import wake_after_commit

CHUNK = 100
LEASE_SECONDS = 180
MAX_TRIES = 5
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ActiveCampaign's clock may be ahead of ours."""
NOW = SQL("(clock_timestamp() AT TIME ZONE 'UTC')")
OPEN = SQL("state IN ('new', 'failed', 'applying')")
DUE = SQL(
    "(e.state = 'new' OR e.state = 'failed' AND e.next_try_at <= %(now)s"
    " OR e.state = 'applying' AND e.claimed_until < %(now)s)",
    now=NOW,
)
_ONE_CLAIM_AT_A_TIME = 5550124
_INSERT = """
INSERT INTO ac_event (
    config_id, company_id, type, remote_contact_id, subject, occurred_at, payload,
    known, source, key, state, tries, create_date, write_date)
SELECT id, company_id, %(type)s, %(contact)s, %(subject)s, %(occurred)s, %(payload)s,
    %(known)s, %(source)s, %(key)s, 'new', 0,
    now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
FROM ac_odoo_config WHERE id = %(config)s
ON CONFLICT (config_id, key) DO NOTHING
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one event: `state` done, ignored, waiting (for its contact to be
    linked), failed, or new (not its turn yet); `message` plain words for people; `error`
    the exception behind a failure."""

    event: int
    state: str
    partner: int | None = None
    message: str | None = None
    error: Exception | None = None


def store(env, config, payload, source="webhook", known=None):
    """Keep one event in the caller's transaction; one that is known already is dropped.

    :param payload: nested dictionary from `parse_webhook`, or spelled like one
    :param source: webhook, poll or reconcile
    :param known: the contact just read (REST, with its ``fields``): it is not read again
    :return: whether the event is new
    """
    event = WebhookEvent(payload)
    now = fields.Datetime.now()
    values = {
        "config": config.id,
        "type": event.type,
        "contact": event.contact_id or None,
        "subject": event.subject or None,
        "occurred": event.occurred_at and _believable(event.occurred_at, now),
        "payload": json.dumps(payload, ensure_ascii=False),
        "known": json.dumps(known) if known else None,
        "source": source,
        "key": event.key(now),
    }
    # what a statement says is logged when it fails; Odoo repeats a conflict
    env.cr.execute(_INSERT, values, log_exceptions=False)
    new = bool(env.cr.rowcount)
    if new:
        wake_after_commit(env, config.ids, "inbox")
    return new


def _believable(moment, now):
    """Return now for a moment that is further ahead than clocks differ: it would make
    what comes until then look outdated."""
    return moment if moment <= now + CLOCKS_DIFFER else now


def claim(env, config, token, limit=CHUNK):
    """Take up to `limit` due events, the oldest first; commit soon.

    An event waits while an earlier one of its contact waits for its next try or is with
    another worker: what happened to one contact is applied in the order it came.

    :param token: str unique to this chunk; `locked` needs it
    :return: list of ids
    """
    env.cr.execute(
        "SELECT pg_advisory_xact_lock(%s, %s)", (_ONE_CLAIM_AT_A_TIME, config.id)
    )
    env.cr.execute(
        SQL(
            """
            WITH held AS MATERIALIZED (
                SELECT remote_contact_id AS contact, min(id) AS since FROM ac_event
                WHERE config_id = %(config)s AND remote_contact_id IS NOT NULL
                    AND (state = 'failed' AND next_try_at > %(now)s
                        OR state = 'applying' AND claimed_until >= %(now)s)
                GROUP BY remote_contact_id),
            due AS MATERIALIZED (
                SELECT e.id FROM ac_event e LEFT JOIN held
                    ON held.contact = e.remote_contact_id AND held.since < e.id
                WHERE e.config_id = %(config)s AND %(due)s AND held.contact IS NULL
                ORDER BY e.id LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED)
            UPDATE ac_event SET state = 'applying', claim = %(token)s, message = NULL,
                claimed_until = %(now)s + %(lease)s * INTERVAL '1 second'
            FROM due WHERE ac_event.id = due.id
            RETURNING ac_event.id
            """,
            config=config.id,
            due=DUE,
            now=NOW,
            limit=limit,
            token=token,
            lease=LEASE_SECONDS,
        )
    )
    return sorted(row[0] for row in env.cr.fetchall())


def locked(env, token):
    """Return the events that are still this worker's, locked until the end.

    A worker that was slower than its lease finds none: another one has them.
    """
    env.cr.execute(
        "SELECT id FROM ac_event WHERE claim = %s AND state = 'applying' "
        "ORDER BY id FOR UPDATE",
        (token,),
    )
    return env["ac.event"].browse(row[0] for row in env.cr.fetchall())


def release(env, token, contact_ids, types):
    """Give back what waits for contacts that cannot be read now; counts no try.

    :param types: of the events that need their contact; what came before the first of
        them goes on, what came after it keeps its place
    """
    env.cr.execute(
        SQL(
            """
            WITH unread AS (
                SELECT remote_contact_id AS contact, min(id) AS first FROM ac_event
                WHERE claim = %(token)s AND state = 'applying'
                    AND remote_contact_id = ANY(%(contacts)s) AND type = ANY(%(types)s)
                GROUP BY 1)
            UPDATE ac_event SET claim = NULL,
                state = CASE WHEN tries > 0 THEN 'failed' ELSE 'new' END,
                next_try_at = CASE WHEN tries > 0 THEN %(now)s END
            FROM unread
            WHERE claim = %(token)s AND state = 'applying'
                AND remote_contact_id = contact AND id >= first
            """,
            now=NOW,
            token=token,
            contacts=list(contact_ids),
            types=list(types),
        )
    )


_SETTLE = """
UPDATE ac_event e SET
    state = CASE WHEN v.state = 'failed' AND e.tries + 1 >= %(max_tries)s
        THEN 'dead' ELSE v.state END,
    tries = e.tries + (v.state = 'failed')::int,
    next_try_at = CASE WHEN v.state = 'failed' AND e.tries + 1 < %(max_tries)s
        THEN %(now)s + power(4, e.tries) * INTERVAL '15 seconds' END,
    partner_id = COALESCE(v.partner, e.partner_id),
    message = COALESCE(v.message, e.message),
    known = CASE WHEN v.state = 'new' THEN e.known END,
    claim = NULL,
    write_date = %(now)s
FROM unnest(%(ids)s::int[], %(states)s::text[], %(partners)s::int[],
    %(messages)s::text[]) AS v(id, state, partner, message)
WHERE e.id = v.id
"""


def settle(env, outcomes):
    """Write what became of locked events; one statement for all of them.

    A failure counts a try and waits 15 s, 1, 4, 16 min; the fifth is the last (*dead*).
    """
    columns = {
        "ids": [each.event for each in outcomes],
        "states": [each.state for each in outcomes],
        "partners": [each.partner for each in outcomes],
        "messages": [each.message for each in outcomes],
    }
    statement = SQL(_SETTLE, now=NOW, max_tries=MAX_TRIES, **columns)
    env.cr.execute(statement, log_exceptions=False)  # as in `store`
    env["ac.event"].invalidate_model(flush=False)
    env["ac.error.log"]._record_events(outcomes)
