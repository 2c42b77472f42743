# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Flood limits in the memory of this process: no query, no lock between workers.

Each worker counts for itself, so the limit of a server is that of a worker times the
workers. A counter they share would cost a write per request, which is what a flood
must not be able to cause.
"""

import time

MOST_SOURCES = 4096


class Bucket:
    """How much each source may still ask for: it refills steadily up to a number.

    :param clock: seconds, for tests of what time does
    """

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._used = {}  # source -> (taken and not refilled, at which moment, a minute)

    def take(self, source, per_minute):
        """Take one and return 0, or take none and return the seconds until there is one.

        :param per_minute: how many there are at most, and come back in a minute
        """
        now = self._clock()
        used = self._level(source, now) + 1
        if used > per_minute:
            return (used - per_minute) * 60 / per_minute
        if len(self._used) >= MOST_SOURCES:
            self._forget_full_ones(now)
        self._used[source] = (used, now, per_minute)
        return 0

    def _level(self, source, now):
        used, moment, per_minute = self._used.get(source, (0, now, 1))
        return max(0, used - (now - moment) * per_minute / 60)

    def _forget_full_ones(self, now):
        """Keep the memory flat, whoever invents addresses."""
        for source in list(self._used):
            if not self._level(source, now):
                self._used.pop(source, None)
        if len(self._used) >= MOST_SOURCES:
            self._used.clear()
