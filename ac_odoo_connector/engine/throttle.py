# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One rate limit per ActiveCampaign account, shared by every worker and host.

A row of `ac.throttle` per account and kind of call holds the moments of the last
calls. A call may leave when the one that is *limit* calls back has left the window;
whoever writes its own moment there has the slot, the others wait and try again.
Nobody holds a lock while waiting, and five calls may follow one another at once
after a quiet second.
"""

import time
from datetime import timedelta

from ..activecampaign import RateLimited
from .transaction import transaction

LIMITS = {"request": (5, 1.04), "import": (100, 60.6)}
"""Calls and the seconds in which so many may leave. AC allows 5 requests/s per
account (REF:rate-limits) and 100 bulk imports/min (OAS bulk-import-contacts). The
windows are a little longer, because a request may be delayed on its way and come
closer to the ones behind it."""
LATE = 0.02
"""Seconds that the windows forgive; a call that was later counts from its arrival."""
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
INSERT INTO ac_throttle AS t (account, kind, recent)
VALUES (%(account)s, %(kind)s, ARRAY[{NOW}])
ON CONFLICT (account, kind) DO UPDATE
SET recent = ({NOW} || t.recent)[1:%(limit)s], paused_until = NULL
WHERE COALESCE(t.paused_until <= {NOW}, TRUE) AND COALESCE(
    t.recent[%(limit)s] <= {NOW} - %(window)s * INTERVAL '1 second', TRUE)
RETURNING recent[1]
"""
_LATE = """
UPDATE ac_throttle
SET recent = array_replace(recent, %(moment)s, %(moment)s + %(late)s)
WHERE account = %(account)s AND kind = 'request'
"""
_WAIT = f"""
SELECT EXTRACT(EPOCH FROM GREATEST(
    recent[%(limit)s] + %(window)s * INTERVAL '1 second', paused_until) - {NOW})
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

    def answered(self):
        """Let the last call count from its arrival if that was later than usual.

        On a busy machine a call may leave, or a slow network may deliver it, long after
        its moment, and come too close to those behind it.
        """
        took = time.monotonic() - self._asked
        usual = min(took, _usual.get(self.account, FASTEST) * FORGETTING)
        _usual[self.account] = usual
        if took - usual > LATE:
            late = timedelta(seconds=took - usual)
            call = {"account": self.account, "moment": self._moment, "late": late}
            with transaction(self.env) as env:
                env.cr.execute(_LATE, call)

    def pause(self, seconds):
        """Let nobody call this account for `seconds` (at most five minutes)."""
        with transaction(self.env) as env:
            env.cr.execute(_PAUSE, (self.account, min(seconds, LONGEST_PAUSE)))

    def _take(self, kind):
        """Take the slot and return 0, or return the seconds until it is free."""
        limit, window = LIMITS[kind]
        call = {"account": self.account, "kind": kind, "limit": limit, "window": window}
        asked = time.monotonic()
        with transaction(self.env) as env:
            env.cr.execute(_TAKE, call)
            if taken := env.cr.fetchone():
                self._asked, self._moment = asked, taken[0]
                return 0
            env.cr.execute(_WAIT, call)
            return max(0.001, float(env.cr.fetchone()[0] or 0))
