# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One rate limit per ActiveCampaign account, shared by every worker and host.

A row of `ac.throttle` per account and kind of call holds the moment from which
the next call may leave (GCRA without burst). Whoever moves that moment forward
has the slot; the others wait and try again. Nobody holds a lock while waiting.
"""

import time

from .transaction import transaction

INTERVALS = {"request": 1.05 / 5, "import": 61 / 100}
"""Seconds between two calls. AC allows 5 requests/s per account
(REF:rate-limits) and 100 bulk imports/min (OAS bulk-import-contacts). A little
more than that keeps a sixth request out of any second when the network delays
the first."""

NOW = "(clock_timestamp() AT TIME ZONE 'UTC')"
_TAKE = f"""
INSERT INTO ac_throttle AS t (account, kind, next_at)
VALUES (%(account)s, %(kind)s, {NOW} + %(interval)s * INTERVAL '1 second')
ON CONFLICT (account, kind) DO UPDATE SET next_at = EXCLUDED.next_at
WHERE t.next_at <= {NOW}
RETURNING id
"""
_PAUSE = f"""
INSERT INTO ac_throttle AS t (account, kind, next_at)
VALUES (%s, 'request', {NOW} + %s * INTERVAL '1 second')
ON CONFLICT (account, kind) DO UPDATE
SET next_at = GREATEST(t.next_at, EXCLUDED.next_at)
"""
_WAIT = f"""
SELECT EXTRACT(EPOCH FROM next_at - {NOW}) FROM ac_throttle
WHERE account = %(account)s AND kind = %(kind)s
"""


class DatabaseLimiter:
    """Limiter (see `activecampaign.limiter`) whose clock and memory are PostgreSQL."""

    def __init__(self, env, account):
        """:param account: what the limit belongs to, e.g. ``acme.api-us1.com``"""
        self.env = env
        self.account = account

    def acquire(self, kind):
        """Block until one call of `kind` ("request" or "import") may leave."""
        while wait := self._take(kind):
            time.sleep(wait)

    def pause(self, seconds):
        """Let nobody call this account for `seconds`: it has asked for that."""
        with transaction(self.env) as env:
            env.cr.execute(_PAUSE, (self.account, seconds))

    def _take(self, kind):
        """Take the slot and return 0, or return the seconds until it is free."""
        with transaction(self.env) as env:
            slot = {"account": self.account, "kind": kind}
            env.cr.execute(_TAKE, slot | {"interval": INTERVALS[kind]})
            if env.cr.fetchone():
                return 0
            env.cr.execute(_WAIT, slot)
            return max(0.001, float(env.cr.fetchone()[0]))
