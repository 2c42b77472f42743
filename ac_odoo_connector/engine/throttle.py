# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One rate limit per ActiveCampaign account, shared by every worker and host.

A row of `ac.throttle` per account and kind of call holds the moments of the last
calls (`recent`) and of those that are on their way (`away`). A call may leave while
fewer than *limit* are in the window, or may yet come into it; whoever writes its own
moment there has the slot, the others wait and try again. Nobody holds a lock while
waiting, and five calls may follow one another at once after a quiet second.
"""

import logging
import time
from datetime import timedelta

import psycopg2

from ..activecampaign import RateLimited
from .transaction import transaction

_logger = logging.getLogger(__name__)

LIMITS = {"request": (5, 1.04), "import": (100, 60.6)}
"""Calls and the seconds in which so many may leave. AC allows 5 requests/s per
account (REF:rate-limits) and 100 bulk imports/min (OAS bulk-import-contacts). The
windows are a little longer, because a request may be delayed on its way and come
closer to the ones behind it."""
LATE = 0.02
"""Seconds that the windows forgive; a call that was later counts from its arrival."""
LATEST = 8
"""Seconds after which a call without an answer must have arrived, if ever."""
SOON = 0.05
"""Seconds until somebody looks again whether a call that is away was answered."""
FASTEST = 0.02
"""Seconds that a call usually takes, as long as nobody knows better: on a busy machine
a worker's first calls are late ones."""
FORGETTING = 1.01
"""How fast the usual time of a call follows when calls become slower for good. Slowly,
because late must not become usual."""

LONGEST_SLEEP = 10
LONGEST_PAUSE = 300
NOW = "(clock_timestamp() AT TIME ZONE 'UTC')"
_TAKE = f"""
UPDATE ac_throttle t SET paused_until = NULL, (recent, away) = (
    SELECT (n.now || t.recent)[1:%(limit)s], n.now || ARRAY(
        SELECT m FROM unnest(t.away) m WHERE m > n.now - %(latest)s)
    FROM (SELECT {NOW} AS now) n)
WHERE account = %(account)s AND kind = %(kind)s
    AND COALESCE(t.paused_until <= {NOW}, TRUE) AND %(limit)s > (
        SELECT count(*) FROM unnest(t.recent) m WHERE m > {NOW} - %(window)s
    ) + (
        SELECT count(*) FROM unnest(t.away) m
        WHERE m > {NOW} - %(latest)s AND m <= {NOW} - %(window)s)
RETURNING recent[1]
"""
_TAKE_FIRST = f"""
INSERT INTO ac_throttle (account, kind, recent, away)
SELECT %(account)s, %(kind)s, ARRAY[n.now], ARRAY[n.now] FROM (SELECT {NOW} AS now) n
WHERE NOT EXISTS (
    SELECT FROM ac_throttle WHERE account = %(account)s AND kind = %(kind)s)
ON CONFLICT DO NOTHING
RETURNING recent[1]
"""
_ENDED = """
UPDATE ac_throttle SET away = array_remove(away, %(moment)s), recent = ARRAY(
    SELECT m FROM unnest(
        array_remove(recent, %(moment)s) || (%(moment)s + %(late)s)) m
    ORDER BY m DESC LIMIT %(limit)s)
WHERE account = %(account)s AND kind = 'request'
"""
_WAIT = f"""
SELECT EXTRACT(EPOCH FROM GREATEST(
    recent[%(limit)s] + %(window)s, paused_until) - {NOW})
FROM ac_throttle WHERE account = %(account)s AND kind = %(kind)s
"""
_PAUSE = f"""
INSERT INTO ac_throttle AS t (account, kind, recent, paused_until)
VALUES (%s, 'request', '{{}}', {NOW} + %s * INTERVAL '1 second')
ON CONFLICT (account, kind) DO UPDATE
SET paused_until = GREATEST(t.paused_until, EXCLUDED.paused_until)
"""


_usual = {}  # account -> seconds from the moment of a call to its answer, at best


class DatabaseLimiter:
    """Limiter (see `activecampaign.limiter`) whose clock and memory are PostgreSQL."""

    def __init__(self, env, account):
        """:param account: what the limit belongs to, e.g. ``acme.api-us1.com``"""
        self.env = env
        self.account = account
        self._asked = self._moment = None

    def acquire(self, kind):
        """Block until one call of `kind` ("request" or "import") may leave.

        :raise RateLimited: that is further away than a worker should sleep
        """
        while wait := self._take(kind):
            if wait > LONGEST_SLEEP:
                raise RateLimited("The account asks for a pause", retry_after=wait)
            time.sleep(wait)

    def ended(self, answered):
        """Let the last call count from its arrival if that was later than usual.

        On a busy machine a call may leave, or a slow network may deliver it, long after
        its moment, and come too close to those behind it. One without an answer tells
        nothing about what is usual. What cannot be written down must not hide how the
        call has ended: its place is free when it must have arrived.
        """
        took = time.monotonic() - self._asked
        usual = _usual.get(self.account, FASTEST) * FORGETTING
        if answered:
            usual = _usual[self.account] = min(took, usual)
        late = took - usual if took - usual > LATE else 0
        call = {
            "account": self.account,
            "moment": self._moment,
            "late": timedelta(seconds=late),
            "limit": LIMITS["request"][0],
        }
        try:
            with transaction(self.env) as env:
                env.cr.execute(_ENDED, call, log_exceptions=False)
        except psycopg2.Error as error:
            _logger.info("End of a call not written down (%s)", type(error).__name__)

    def pause(self, seconds):
        """Let nobody call this account for `seconds` (at most five minutes)."""
        with transaction(self.env) as env:
            env.cr.execute(_PAUSE, (self.account, min(seconds, LONGEST_PAUSE)))

    def _take(self, kind):
        """Take the slot and return 0, or return the seconds until it is free."""
        limit, window = LIMITS[kind]
        call = {
            "account": self.account,
            "kind": kind,
            "limit": limit,
            "window": timedelta(seconds=window),
            "latest": timedelta(seconds=LATEST),
        }
        asked = time.monotonic()
        with transaction(self.env) as env:
            for statement in (_TAKE, _TAKE_FIRST):
                env.cr.execute(statement, call)
                if taken := env.cr.fetchone():
                    self._asked, self._moment = asked, taken[0]
                    return 0
            env.cr.execute(_WAIT, call)
            wait = float(env.cr.fetchone()[0] or 0)
            return wait if wait > 0 else SOON
