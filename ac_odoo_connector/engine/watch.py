# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who watches each client of an account: the breaker before, the meter after a call.

See `activecampaign.observer`. What is counted must never harm what is being done: a
database that cannot take it now gets it later, or not.
"""

import logging
import time

import psycopg2

from ..activecampaign import AuthenticationError
from . import breaker, usage
from .transaction import transaction

_logger = logging.getLogger(__name__)

FLUSH_SECONDS = 10


class Watch:
    """The observer of one client.

    :ivar in_doubt: the last that the account said was that we may not: about one record
        or about everything, who knows
    """

    def __init__(self, config, guarded=True):
        """:param guarded: False lets calls leave although the account is paused"""
        self.env, self.config_id = config.env, config.id
        self.guarded = guarded
        self._used = breaker.credentials(config)
        self.in_doubt = False
        self._meter = usage.Meter()
        self._failure = None
        self._due = time.monotonic() + FLUSH_SECONDS

    def permit(self, call):
        """:raise Paused: the account is paused"""
        if self.guarded:
            breaker.check(self.env, self.config_id)

    def answered(self, call, seconds, error):
        """Count one attempt; every now and then write down what was counted."""
        failed = breaker.is_failure(error)
        self._meter.count(usage.kind_of(call.path), seconds, bool(error), failed)
        self._failure = error if failed else self._failure
        self.in_doubt = self.in_doubt and bool(error)
        if time.monotonic() > self._due:
            self._flush()

    def gave_up(self, call, error):
        """A key that is refused where every key is let in pauses the account at once."""
        if not isinstance(error, AuthenticationError):
            return
        self.in_doubt = not call.path.endswith(usage.WHO_AM_I)
        if self.guarded and not self.in_doubt:
            self._safely(breaker.refuse, error, self._used)

    def closed(self):
        """Write down the rest."""
        self._flush()

    def _flush(self):
        self._due = time.monotonic() + FLUSH_SECONDS
        rows = self._meter.rows
        if rows and self._safely(self._write, rows):
            self._meter.forget()
            self._failure = None

    def _write(self, env, config_id, rows):
        usage.add(env, config_id, rows)
        if self._failure:
            breaker.judge(env, config_id, self._failure)

    def _safely(self, work, *values):
        """Do it in a transaction of its own; return whether that was possible."""
        try:
            with transaction(self.env) as env:
                work(env, self.config_id, *values)
        except psycopg2.Error as error:
            _logger.info("Calls not written down (%s)", type(error).__name__)
            return False
        return True
