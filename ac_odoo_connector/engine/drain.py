# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Applying what is in the inbox, a chunk at a time.

A webhook is a hint: where an event means that a contact changed, the contact is read
again before anything is written. Events are applied together; if that fails, one by
one, so that a bad one hurts no other.
"""

import logging
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg2

from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..activecampaign import ActiveCampaignError, RetryPolicy
from . import erased, gateway, reread, timeline
from .appliers import APPLIERS, REREAD
from .ignore import Ignore, ReadAgain, Waits
from .inbox import CHUNK, Outcome, claim, locked, release, settle
from .transaction import transaction
from .wake import wake_after_commit
from .words import in_words

_logger = logging.getLogger(__name__)

PATIENCE = RetryPolicy(deadline=reread.SECONDS)

OUTDATED = frozenset({"subscribe", "account_update"})
"""Types that a later event about the same subject makes pointless. Never a withdrawal:
whoever has said no must be heard, however late it arrives. Never a change of a contact:
it is read again, and an account's clock that was put back must silence nothing."""

NEVER_TOO_OLD = frozenset({"unsubscribe", "bounce", "sms_unsub", "update"})
"""Types that are heard again: a withdrawal, and what is read again before it counts."""


def apply_chunk(config):
    """Apply the oldest events of an account.

    :return: True when there may be more to do
    :raise ActiveCampaignError: contacts cannot be read again now; their events wait
    """
    token = str(uuid.uuid4())
    with transaction(config.env) as env:
        ids = claim(env, config, token)
        contacts, unread = _known_contacts(env["ac.event"].browse(ids))
        few = 0 < len(unread) <= reread.FEW
        scores = few and env["ac.metadata"]._has_contact_scores(config)
    reading = reread.Reading(unread, scores)
    _read_again(config, reading)
    if reading.left:
        with transaction(config.env) as env:
            release(env, token, reading.left, REREAD)
    reading.found |= contacts
    # what was read, or needs no reading, goes on
    _apply_claimed(config, token, reading)
    if reading.error:
        raise reading.error
    return len(ids) == CHUNK or bool(reading.left)


def _apply_claimed(config, token, reading):
    with transaction(config.env) as env:
        events = locked(env, token)
        if events:
            settle(env, Chunk(events, reading).outcomes())


def _known_contacts(events):
    """Return ``({AC id: contact}, ids to read)``: what a poll has just read is known.

    What was read before another event came, or for an earlier try, is not true now.
    """
    about = events.filtered(lambda e: e.remote_contact_id and e.type in REREAD)
    last = {e.remote_contact_id: e for e in about}
    polled = {id_: e for id_, e in last.items() if e.known and not e.tries}
    heard = _heard(about, polled) if polled else {}
    known = {
        id_: e.known
        for id_, e in polled.items()
        if id_ not in heard or _read_at(e) >= heard[id_]
    }
    return known, last.keys() - known.keys()


def _heard(events, polled):
    """Return ``{AC id: when another event about the contact came or was applied}``, by
    our own clock."""
    applied = events._last_applied("write_date")
    heard = {
        id_: moment
        for id_, event in polled.items()
        if (moment := applied.get(event.subject))
    }
    for event in events - events.union(*polled.values()):
        id_ = event.remote_contact_id
        heard[id_] = max(heard.get(id_, event.create_date), event.create_date)
    return heard


def _read_at(event):
    read_at = event.known.get("read_at")
    return datetime.fromisoformat(read_at) if read_at else event.create_date


def _read_again(config, reading):
    """Read the contacts of a `reread.Reading`; no request for no contact."""
    try:
        if reading.left:
            with gateway.open_client(config, retry=PATIENCE) as client:
                reading.run(client)
    except Exception as error:  # raised when the others are applied
        reading.error = error


class Chunk:
    """Events that are applied in one transaction."""

    def __init__(self, events, reading):
        self.env = events.env
        self.events = events
        self.reading = reading
        self._heard = events._last_applied()
        emails = {e for event in events for e in self._emails(event)}
        self._erased = erased.among(events.config_id, emails)
        self._blocked = set()  # contacts whose earlier event has failed

    def outcomes(self):
        """Apply all; return an `Outcome` for each."""
        try:
            with self._savepoint():
                return [self._applied(event) for event in self.events]
        except Exception as error:  # found again one by one
            _logger.info("Events one by one: %s", type(error).__name__)
        return self._one_by_one()

    @contextmanager
    def _savepoint(self):
        """Keep what is done inside, with what appliers have gathered, or nothing."""
        heard = dict(self._heard)
        try:
            with self.env.cr.savepoint():
                yield
                timeline.flush(self.env)
        except Exception:
            timeline.forget(self.env)
            self._heard = heard
            raise

    def _one_by_one(self):
        """Apply each in a savepoint."""
        self._blocked = set()
        return [self._safely_applied(event) for event in self.events]

    def _safely_applied(self, event):
        try:
            with self._savepoint():
                return self._applied(event)
        except Exception as error:
            _logger.warning("%s not applied: %s", event, type(error).__name__)
            return self._failed(event, error)

    def _failed(self, event, error):
        """What follows a failed event of its contact waits."""
        self._blocked |= {event.remote_contact_id} - {False}
        words = _in_words(event.env, error)
        return Outcome(event.id, "failed", message=words, error=error)

    def _applied(self, event):
        contact = event.remote_contact_id
        if contact in self._blocked:
            return Outcome(event.id, "new")
        if event.type in REREAD and contact in self.reading.failed:
            return self._failed(event, self.reading.failed[contact])
        try:
            partner = self._apply(event)
        except ReadAgain:
            event.known = False
            wake_after_commit(event.env, event.config_id.ids, "inbox")
            return Outcome(event.id, "new")
        except Waits as reason:
            return Outcome(event.id, "waiting", message=str(reason))
        except Ignore as reason:
            return Outcome(event.id, "ignored", message=str(reason))
        self._note(event)
        return Outcome(event.id, "done", partner=partner[:1].id or None)

    def _emails(self, event):
        """Return the e-mails (normalised) of the contact, as told and as read."""
        read = self.reading.found.get(event.remote_contact_id) or {}
        told = event._value("contact", "email"), read.get("email")
        return {each for email in told if (each := email_normalize(email or ""))}

    def _refuse_erased(self, event):
        """:raise Ignore: it is about somebody who was erased; its content goes, too"""
        if self._erased and self._emails(event) & self._erased:
            event.write({"payload": False, "known": False, "payload_dropped": True})
            raise Ignore(event.env._("The person was erased."))

    def _apply(self, event):
        self._refuse_erased(event)
        if self._is_outdated(event):
            raise Ignore(event.env._("A later event said what is true now."))
        if self._may_be_repeated(event):
            raise Ignore(
                event.env._(
                    "Older than the events that are kept: perhaps a repetition."
                )
            )
        if event.payload_dropped:
            raise Ignore(event.env._("The content was dropped after its time."))
        applier = APPLIERS.get(event.type)
        if not applier:
            raise Ignore(event.env._("An unknown kind of event: kept, not applied."))
        unlinked = not event.link_id
        partner = applier(event, self.reading.found.get(event.remote_contact_id))
        if unlinked and partner:  # linked just now, perhaps: the others see it, too
            self.events._forget_links()
        return partner

    def _is_outdated(self, event):
        heard = self._heard.get(event.subject) if event.type in OUTDATED else None
        return heard and event.occurred_at and event.occurred_at < heard

    def _may_be_repeated(self, event):
        """Whether a webhook tells what happened before the inbox's memory begins: it may
        have been applied and forgotten. Within it nothing is stored twice."""
        remembered = event.create_date - timedelta(days=event.config_id.event_days)
        return (
            event.source == "webhook"
            and event.type not in NEVER_TOO_OLD
            and event.occurred_at
            and event.occurred_at < remembered
        )

    def _note(self, event):
        if event.subject and event.occurred_at:
            heard = self._heard.get(event.subject, event.occurred_at)
            self._heard[event.subject] = max(heard, event.occurred_at)


def _in_words(env, error):
    """Return for people why an event was not applied."""
    if isinstance(error, ActiveCampaignError):
        return in_words(error)[:500]
    if isinstance(error, UserError):  # ValidationError and AccessError are such
        return str(error.args[0])[:500]
    if isinstance(error, psycopg2.Error):
        said = (error.diag.message_primary if error.diag else "") or str(error)
        return env._("The database refused the change: %s", said)[:500]
    return f"{type(error).__name__}: {error}"[:500]
