# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people did, told in the chatter and counted.

Appliers only `gather`; `flush` writes the notes and counters of a chunk of events at
once. What was gathered and not flushed is written when the transaction is about to
commit, so nothing is lost.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from odoo import fields

from . import engagement, timeline_notes

GATHERED = "ac_timeline"


@dataclass(frozen=True)
class Said:
    """One note in words.

    `kind`: code of `ac.timeline.kind`; `sentence` and `lines`: text or `Markup`;
    `topic`: events of one topic within an hour share a note, "" for one of its own;
    `campaign`: the name that the partner's engagement shows.
    """

    kind: str
    sentence: str
    lines: tuple = ()
    topic: str = ""
    campaign: str = ""


@dataclass
class Entry:
    """What one event shall leave on the timeline of a record."""

    event: object
    record: object
    said: Said
    counts: bool = False
    moment: datetime = field(init=False)

    def __post_init__(self):
        self.moment = moment_of(self.event)


def moment_of(event):
    """Return when it happened (UTC), never later than now: clocks differ."""
    return min(event.occurred_at or event.create_date, fields.Datetime.now())


def gather(event, record, said, counts=False):
    """Have an event told on the timeline of a record (partner, order) by the next `flush`.

    :param counts: the record is a partner whose engagement the event adds to
    """
    callbacks = event.env.cr.precommit
    if GATHERED not in callbacks.data:
        callbacks.data[GATHERED] = []
        callbacks.add(partial(flush, event.env))
    callbacks.data[GATHERED].append(Entry(event, record, said, counts))


def forget(env):
    """Drop what was gathered: the caller's savepoint was rolled back."""
    env.cr.precommit.data.pop(GATHERED, None)


def flush(env):
    """Write what was gathered: constant numbers of statements, however many events.

    :raise Exception: of the database; nothing stays gathered, so the caller rolls back
        and goes through its events one by one, each with a `flush` of its own
    """
    gathered = env.cr.precommit.data.pop(GATHERED, ())
    entries = [entry for entry in gathered if not entry.event.on_timeline]
    engagement.add(env, _tallies(entries))
    timeline_notes.write(env, _noted(entries))
    for entry in entries:
        entry.event.on_timeline = True


def _noted(entries):
    """Return those that their account wants a note of."""
    configs = {entry.event.config_id for entry in entries}
    muted = {config: config._muted_kinds() for config in configs}
    return [e for e in entries if e.said.kind not in muted[e.event.config_id]]


def _tallies(entries):
    """Return ``{partner id: Tally}``."""
    tallies = {}
    for entry in entries:
        if entry.counts:
            tally = tallies.setdefault(entry.record.id, engagement.Tally())
            is_hard = entry.event._value("bounce", "type").lower() == "hard"
            tally.add(entry.event.type, entry.moment, entry.said.campaign, is_hard)
    return tallies
