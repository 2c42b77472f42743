# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What waits in outbox and inbox: how much, how long, and whether it grows.

A run shows its own progress and is no backlog, unless its worker is gone.
"""

from datetime import timedelta

from odoo.tools import SQL

KEPT = timedelta(days=30)
GROWTH_WINDOW = timedelta(hours=1)
GROWTH_SPAN = timedelta(minutes=30)
"""Samples of a shorter time say nothing about growth."""
_WAITING = """
SELECT count(*), EXTRACT(EPOCH FROM %(now)s - min(at))::int FROM (
    SELECT b.marked_at AS at FROM ac_binding b
    WHERE b.config_id = %(config)s AND b.state IN ('pending', 'sending')
        AND (b.priority = 0 OR b.run_id IS NULL OR b.run_id <> ALL(%(runs)s))
    UNION ALL
    SELECT e.create_date FROM ac_event e
    WHERE e.config_id = %(config)s AND e.state IN ('new', 'applying')) waiting
"""


def measure(config, now):
    """Return how many records and events wait, and since when the oldest one does.

    :return: (count, seconds)
    """
    runs = config.env["ac.sync.run"].search(
        [("config_id", "=", config.id), ("state", "in", ("running", "paused"))]
    )
    values = {
        "now": now,
        "config": config.id,
        "runs": [run.id for run in runs if not run.is_stale],
    }
    config.env["ac.binding"].flush_model()
    config.env["ac.event"].flush_model()
    config.env.cr.execute(SQL(_WAITING, **values))
    count, seconds = config.env.cr.fetchone()
    return count, max(0, seconds or 0)


def sample(config, now):
    """Keep a measurement for the chart and the growth; forget those of last month.

    :return: (count, seconds)
    """
    waiting, age = measure(config, now)
    samples = config.env["ac.backlog"]
    samples.create({"config_id": config.id, "at": now, "waiting": waiting, "age": age})
    samples.flush_model()
    config.env.cr.execute(
        "DELETE FROM ac_backlog WHERE config_id = %s AND at < %s",
        (config.id, now - KEPT),
    )
    return waiting, age


def growth(config, now):
    """Return ``(before, halfway, now)`` of the last hour, None while that is unknown."""
    samples = config.env["ac.backlog"].search(
        [("config_id", "=", config.id), ("at", ">=", now - GROWTH_WINDOW)], order="at"
    )
    if not samples or samples[-1].at - samples[0].at < GROWTH_SPAN:
        return None
    middle = samples[len(samples) // 2]
    return samples[0].waiting, middle.waiting, samples[-1].waiting
