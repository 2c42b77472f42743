# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The dashboard's statements: one per subject, whatever the size of the account.

Each takes a `Frame` and returns plain values. What they count is what the lists behind
the numbers show (`engine.dashboard` has their filters).
"""

import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple

from odoo.tools import SQL

STEPS = {1: 300, 24: 3600, 168: 21600}
"""Hours that the dashboard looks back, and seconds of one slot of its charts."""


RECENT = 5
"""Full minutes that tell how much of the limit is used now."""


@dataclass(frozen=True)
class Frame:
    """One account and a time cut into slots, the last of which is not over yet.

    `since` and `now` are seconds since 1970.
    """

    config: object
    hours: int
    now: float

    @property
    def cr(self):
        """The reader's cursor: all statements see the same moment."""
        return self.config.env.cr

    @property
    def step(self):
        """Seconds of a slot."""
        return STEPS[self.hours]

    @property
    def slots(self):
        """Return the beginnings of the slots."""
        last = int(self.now) // self.step * self.step
        count = self.hours * 3600 // self.step
        return [last - self.step * ago for ago in reversed(range(count))]

    @property
    def since(self):
        """The beginning of the first slot, as Odoo stores moments."""
        return moment(self.slots[0])

    def rows(self, statement, **values):
        """Run a statement that may name ``%(config)s``, ``%(since)s``, ``%(step)s``."""
        every = {"config": self.config.id, "since": self.since, "step": self.step}
        self.cr.execute(SQL(statement, **every, **values))
        return self.cr.fetchall()

    def by_slot(self, pairs):
        """Return the values of ``(slot, value)`` pairs in the order of the slots."""
        values = dict(pairs)
        return [float(values.get(slot) or 0) for slot in self.slots]


def frame(config, hours):
    """Return the frame for an account; hours that are not offered become a day."""
    return Frame(config, hours if hours in STEPS else 24, time.time())


def moment(seconds):
    """Return seconds since 1970 as a datetime (UTC, naive)."""
    return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)


def _slot(column):
    """Return SQL for the beginning of the slot that a moment is in."""
    return f"(floor(EXTRACT(EPOCH FROM {column}) / %(step)s) * %(step)s)::bigint"


def links(frame):
    """Return ``[(object, state, live, count, oldest mark)]`` of all links."""
    return frame.rows(
        """
        SELECT object, state, priority = 0, count(*), min(marked_at)
        FROM ac_binding WHERE config_id = %(config)s GROUP BY 1, 2, 3
        """
    )


def delays(frame):
    """Return (average, p95) seconds from a save to ActiveCampaign's answer, or Nones."""
    (row,) = frame.rows(
        """
        SELECT avg(seconds)::float,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)
        FROM (SELECT EXTRACT(EPOCH FROM synced_at - marked_at)::float AS seconds
            FROM ac_binding
            WHERE config_id = %(config)s AND state = 'synced' AND priority = 0
                AND synced_at >= %(since)s AND synced_at >= marked_at) live
        """
    )
    return row


def events(frame):
    """Return ``[(slot, source, count)]`` of what was heard."""
    return frame.rows(
        f"""
        SELECT {_slot("create_date")}, source, count(*) FROM ac_event
        WHERE config_id = %(config)s AND create_date >= %(since)s GROUP BY 1, 2
        """
    )


def unsettled_events(frame):
    """Return ``{state: (count, oldest)}`` of events that are not settled."""
    found = frame.rows(
        """
        SELECT state, count(*), min(create_date) FROM ac_event
        WHERE config_id = %(config)s AND state IN ('new', 'applying', 'failed', 'dead')
        GROUP BY 1
        """
    )
    return {state: (count, oldest) for state, count, oldest in found}


def jobs(frame):
    """Return ``{(channel, state): count}`` of the account's jobs that are not done."""
    found = frame.rows(
        """
        SELECT channel, state, count(*) FROM queue_job
        WHERE identity_key = ANY(%(keys)s)
            AND state IN ('wait_dependencies', 'pending', 'enqueued', 'started', 'failed')
        GROUP BY 1, 2
        """,
        keys=frame.config._identity_keys(),
    )
    return {(channel, state): count for channel, state, count in found}


class Calls(NamedTuple):
    """The requests of one slot; times in milliseconds."""

    slot: int
    calls: int
    errors: int
    total_ms: int
    max_ms: int


def usage(frame):
    """Return `Calls`, one for each slot that had any."""
    found = frame.rows(
        f"""
        SELECT {_slot("minute")}, sum(calls)::int, sum(errors)::int,
            sum(total_ms)::bigint, max(max_ms)::int
        FROM ac_api_usage
        WHERE config_id = %(config)s AND minute >= %(since)s GROUP BY 1
        """
    )
    return [Calls(*row) for row in found]


def durations(frame):
    """Return ``[(slot, place, count)]``: the histograms of the requests' times, added
    up; `place` counts from 0."""
    return frame.rows(
        f"""
        SELECT {_slot("u.minute")}, (b.place - 1)::int, sum(b.count::int)::int
        FROM ac_api_usage u, jsonb_array_elements_text(u.buckets)
            WITH ORDINALITY AS b(count, place)
        WHERE u.config_id = %(config)s AND u.minute >= %(since)s
        GROUP BY 1, 2
        """
    )


def last_minutes(frame):
    """Return the begin and the end of the last full minutes."""
    end = int(frame.now) // 60 * 60
    return moment(end - 60 * RECENT), moment(end)


def minutes(frame):
    """Return (calls of the last full minutes, most calls of one minute, when)."""
    begin, end = last_minutes(frame)
    (row,) = frame.rows(
        """
        SELECT COALESCE(sum(calls) FILTER (
                WHERE minute >= %(begin)s AND minute < %(end)s), 0)::int,
            COALESCE(max(calls), 0)::int, (array_agg(minute ORDER BY calls DESC))[1]
        FROM (SELECT minute, sum(calls) AS calls FROM ac_api_usage
            WHERE config_id = %(config)s AND minute >= %(since)s GROUP BY 1) each
        """,
        begin=begin,
        end=end,
    )
    return row


def backlog(frame):
    """Return ``[(slot, most that waited, longest age in seconds)]``."""
    return frame.rows(
        f"""
        SELECT {_slot("at")}, max(waiting), max(age) FROM ac_backlog
        WHERE config_id = %(config)s AND at >= %(since)s GROUP BY 1
        """
    )
