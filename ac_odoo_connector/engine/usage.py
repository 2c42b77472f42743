# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How many calls an account takes, how long they last, and how many fail.

Each client counts in memory (`Meter`) and adds it up in `ac.api.usage` from time to
time and when it is closed: one statement, however many calls there were. A row holds
one minute and one kind of call of one account, over all workers.
"""

import json
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import datetime, timezone

BUDGET_PER_MINUTE = 300
"""Calls that an account may take: 5 a second (REF:rate-limits)."""
BOUNDS = (50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000, 30_000)
"""Milliseconds that the counts of a histogram go up to; one more count has the rest."""

ROOT = "/api/3/"
WHO_AM_I = "users/me"
KINDS = {
    **dict.fromkeys((WHO_AM_I, "settings"), "connection"),
    **dict.fromkeys(
        ("contact", "contacts", "contactTags", "contactLists", "fieldValues", "notes"),
        "contacts",
    ),
    **dict.fromkeys(
        ("accounts", "accountContacts", "accountCustomFieldData"), "companies"
    ),
    **dict.fromkeys(("deals", "contactDeals", "dealCustomFieldData"), "deals"),
    **dict.fromkeys(
        ("ecom", "ecomOrders", "ecomCustomers", "connections"), "orders and products"
    ),
    **dict.fromkeys(
        (
            "tags",
            "lists",
            "fields",
            "fieldOption",
            "fieldOptions",
            "fieldRels",
            "groupMembers",
        ),
        "metadata",
    ),
    **dict.fromkeys(
        ("accountCustomFieldMeta", "dealCustomFieldMeta", "automations", "users"),
        "metadata",
    ),
    **dict.fromkeys(("dealGroups", "dealStages", "groups", "scores"), "metadata"),
    **dict.fromkeys(("activities", "campaigns", "messages"), "engagement"),
    **dict.fromkeys(("prism", "eventTracking", "eventTrackingEvents"), "tracking"),
    "siteTracking": "tracking",
    "contactAutomations": "automations",
    "import": "import",
    "webhooks": "webhooks",
}
"""``{beginning of a path: kind of call}``; what is not here is "other"."""


def kind_of(path):
    """Return the kind of a call: "contacts" of "/api/3/contacts/7"."""
    parts = path.removeprefix(ROOT).split("/")
    return KINDS.get("/".join(parts[:2])) or KINDS.get(parts[0], "other")


@dataclass
class Tally:
    """Calls of one kind in one minute: `errors` brought no success, `failures` are those
    of them that speak against the account itself (see `breaker`); times in ms."""

    calls: int = 0
    errors: int = 0
    failures: int = 0
    total_ms: int = 0
    max_ms: int = 0
    buckets: list = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, milliseconds, is_error, is_failure):
        """Count one call."""
        self.calls += 1
        self.errors += is_error
        self.failures += is_failure
        self.total_ms += milliseconds
        self.max_ms = max(self.max_ms, milliseconds)
        self.buckets[bisect_left(BOUNDS, milliseconds)] += 1


class Meter:
    """What one client has counted since it was written down last."""

    def __init__(self):
        self._tallies = {}

    def count(self, kind, seconds, is_error, is_failure):
        """Count one call that is over."""
        now = datetime.now(timezone.utc).replace(second=0, microsecond=0, tzinfo=None)
        tally = self._tallies.setdefault((now, kind), Tally())
        tally.add(round(seconds * 1000), is_error, is_failure)

    @property
    def rows(self):
        """``[((minute, kind), Tally)]`` in an order that all workers share, so that two
        of them never wait for each other."""
        return sorted(self._tallies.items(), key=lambda row: row[0])

    def forget(self):
        """It was written down."""
        self._tallies = {}


_ADD = """
INSERT INTO ac_api_usage AS u (config_id, minute, kind, calls, errors, failures,
    forgiven, total_ms, max_ms, buckets)
SELECT c.id, v.minute, v.kind, v.calls, v.errors, v.failures, 0, v.total_ms, v.max_ms,
    v.buckets::jsonb
FROM ac_odoo_config c, unnest(%(minutes)s::timestamp[], %(kinds)s::text[],
    %(calls)s::int[], %(errors)s::int[], %(failures)s::int[], %(total_ms)s::int[],
    %(max_ms)s::int[], %(buckets)s::text[])
    AS v(minute, kind, calls, errors, failures, total_ms, max_ms, buckets)
WHERE c.id = %(config)s
ON CONFLICT (config_id, minute, kind) DO UPDATE SET
    calls = u.calls + EXCLUDED.calls,
    errors = u.errors + EXCLUDED.errors,
    failures = u.failures + EXCLUDED.failures,
    total_ms = u.total_ms + EXCLUDED.total_ms,
    max_ms = GREATEST(u.max_ms, EXCLUDED.max_ms),
    buckets = (
        SELECT jsonb_agg(a.n::int + b.n::int ORDER BY a.i)
        FROM jsonb_array_elements_text(u.buckets) WITH ORDINALITY AS a(n, i)
        JOIN jsonb_array_elements_text(EXCLUDED.buckets) WITH ORDINALITY AS b(n, i)
            USING (i))
"""


def add(env, config_id, rows):
    """Add what a meter has counted; one statement.

    An account that is not committed yet has no row to count for: nothing is added.

    :param rows: see `Meter.rows`
    """
    # counting is worth no waiting: the next time brings it
    env.cr.execute("SET LOCAL lock_timeout = '5s'")
    tallies = [tally for _place, tally in rows]
    names = ("calls", "errors", "failures", "total_ms", "max_ms")
    columns = {name: [getattr(tally, name) for tally in tallies] for name in names}
    columns |= {
        "minutes": [minute for (minute, _kind), _tally in rows],
        "kinds": [kind for (_minute, kind), _tally in rows],
        "buckets": [json.dumps(tally.buckets) for tally in tallies],
        "config": config_id,
    }
    env.cr.execute(_ADD, columns, log_exceptions=False)


_FORGIVE = """
UPDATE ac_api_usage SET forgiven = failures WHERE id IN (
    SELECT id FROM ac_api_usage WHERE config_id = %s AND failures > forgiven
        AND minute > now() AT TIME ZONE 'UTC' - INTERVAL '2 hours'
    ORDER BY minute, kind FOR UPDATE)
"""


def forgive(env, config_id):
    """Let the failures until now open the breaker no more; they stay counted."""
    env.cr.execute(_FORGIVE, (config_id,))


_TOTALS = """
SELECT COALESCE(sum(calls), 0), COALESCE(sum(errors), 0), COALESCE(sum(total_ms), 0),
    COALESCE(max(max_ms), 0)
FROM ac_api_usage WHERE config_id = %s AND minute >= %s
"""
_HISTOGRAM = """
SELECT sum(b.n::int) FROM ac_api_usage u,
    jsonb_array_elements_text(u.buckets) WITH ORDINALITY AS b(n, i)
WHERE u.config_id = %s AND u.minute >= %s GROUP BY b.i ORDER BY b.i
"""


def figures(env, config_id, since):
    """Return what an account's calls were like; two statements.

    :param since: datetime (UTC); its whole minute counts
    :return: ``{"calls", "errors", "average_ms", "p95_ms", "max_ms"}``; the times are
        None when there was no call
    """
    place = (config_id, since.replace(second=0, microsecond=0))
    env.cr.execute(_TOTALS, place)
    calls, errors, total_ms, max_ms = map(int, env.cr.fetchone())
    env.cr.execute(_HISTOGRAM, place)
    buckets = [int(count) for (count,) in env.cr.fetchall()]
    return {
        "calls": calls,
        "errors": errors,
        "average_ms": round(total_ms / calls) if calls else None,
        "p95_ms": percentile(buckets, 0.95, max_ms) if calls else None,
        "max_ms": max_ms if calls else None,
    }


def percentile(buckets, share, longest):
    """Return the milliseconds that `share` of the calls took at most: the upper bound of
    the bucket that holds them, or the longest call if that was shorter.

    :param buckets: counts, see `BOUNDS`
    """
    wanted, seen = share * sum(buckets), 0
    for bound, count in zip(BOUNDS, buckets, strict=False):
        seen += count
        if seen >= wanted:
            return min(bound, longest)
    return longest
