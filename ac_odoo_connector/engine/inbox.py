# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The inbox: what ActiveCampaign told us, stored first and applied afterwards.

Webhook, polling and replay differ only in how they `store`; there is one way to
apply. A webhook is a hint: where an event means that a contact changed, the
contact is read again before anything is written.
"""

import hashlib
import json
import logging

from odoo import fields

from ..activecampaign import SkippableError, webhook_timestamp
from . import gateway, timeline
from .appliers import APPLIERS, REREAD, Ignore
from .transaction import transaction
from .wake import wake_after_commit

_logger = logging.getLogger(__name__)

CHUNK = 100
LEASE_SECONDS = 120
MAX_TRIES = 5


def store(env, config, payload):
    """Keep one event in the caller's transaction; a repeated delivery is dropped.

    :param payload: nested dictionary from `parse_webhook`
    :return: whether the event is new
    """
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=False)
    occurred = webhook_timestamp(_text(payload.get("date_time")))
    env.cr.execute(
        """
        INSERT INTO ac_event (
            config_id, company_id, type, remote_contact_id, occurred_at, payload,
            key, state, tries, create_date, write_date)
        VALUES (%s, %s, %s, %s, %s, %s, %s, 'new', 0,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
        ON CONFLICT (config_id, key) DO NOTHING
        """,
        (
            config.id,
            config.company_id.id or None,
            _type_of(payload),
            _contact_id_of(payload),
            occurred and fields.Datetime.to_string(occurred.replace(tzinfo=None)),
            canonical,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ),
    )
    new = bool(env.cr.rowcount)
    if new:
        wake_after_commit(env, config.ids, "inbox")
    return new


def _type_of(payload):
    """An automation's "webhook" action sends no type (captured deliveries)."""
    return _text(payload.get("type"))[:64] or "automation"


def _contact_id_of(payload):
    contact = payload.get("contact")
    return _text(contact.get("id"))[:32] if isinstance(contact, dict) else None


def _text(value):
    """Anybody may send anything: only text counts."""
    return value if isinstance(value, str) else ""


def apply_chunk(config):
    """Apply the oldest events of an account, each in a savepoint of its own.

    :return: True when there may be more to do
    :raise RetriableError: contacts cannot be read again now; the events wait
    """
    with transaction(config.env) as env:
        ids = _claim(env, config)
        events = env["ac.event"].browse(ids)
        hints = {e.remote_contact_id for e in events if e.type in REREAD}
    try:
        contacts = _read_again(config, hints - {False, ""})
    except Exception:
        with transaction(config.env) as env:
            env["ac.event"].browse(ids).state = "new"
        raise
    with transaction(config.env) as env:
        _apply_all(env["ac.event"].browse(ids), contacts)
    return len(ids) == CHUNK


def _apply_all(events, contacts):
    """Apply a chunk; if anything goes wrong, once more one by one."""
    try:
        with events.env.cr.savepoint():
            events.filtered("message").message = False  # of an earlier try
            values = {e: _applied(e, contacts.get(e.remote_contact_id)) for e in events}
            timeline.flush(events.env)
            for event, of_event in values.items():
                event.write(of_event)
            events.flush_recordset()
    except Exception:
        timeline.forget(events.env)
        events.env.invalidate_all(flush=False)
        for event in events:
            _apply(event, contacts.get(event.remote_contact_id))


def _claim(env, config):
    env.cr.execute(
        """
        WITH due AS MATERIALIZED (
            SELECT id FROM ac_event
            WHERE config_id = %s AND (state = 'new' OR state = 'applying'
                AND claimed_until < now() AT TIME ZONE 'UTC')
            ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
        UPDATE ac_event SET state = 'applying',
            claimed_until = now() AT TIME ZONE 'UTC' + %s * INTERVAL '1 second'
        FROM due WHERE ac_event.id = due.id
        RETURNING ac_event.id
        """,
        (config.id, CHUNK, LEASE_SECONDS),
    )
    return sorted(row[0] for row in env.cr.fetchall())


def _read_again(config, contact_ids):
    """Return ``{AC id: contact object}``, one request per contact, none for no contact."""
    if not contact_ids:
        return {}
    contacts = {}
    with gateway.open_client(config) as client:
        for contact_id in sorted(contact_ids):
            try:
                contacts[contact_id] = client.contacts.get(contact_id).record
            except SkippableError:  # deleted since, or no contact: nothing to apply
                continue
    return contacts


def _apply(event, contact):
    """Apply one event; what goes wrong stays with it."""
    try:
        with event.env.cr.savepoint():
            if event.message:  # of an earlier try
                event.message = False
            values = _applied(event, contact)
            timeline.flush(event.env)
    except Exception as error:  # one bad event must not hurt its neighbours
        timeline.forget(event.env)
        _logger.warning("%s not applied: %s", event, type(error).__name__)
        last = event.tries + 1 >= MAX_TRIES
        values = {
            "state": "failed" if last else "new",
            "tries": event.tries + 1,
            "message": str(error)[:500],
        }
    event.write(values)


def _applied(event, contact):
    """Return the values of an applied event; what was noted of an ignored one is kept."""
    applier = APPLIERS.get(event.type)
    try:
        if not applier:
            raise Ignore(event.env._("An unknown kind of event: kept, not applied."))
        return {"state": "done", "partner_id": applier(event, contact)[:1].id}
    except Ignore as ignored:
        return {"state": "ignored", "message": str(ignored)}
