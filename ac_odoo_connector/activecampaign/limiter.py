# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeping below ActiveCampaign's limits: 5 requests a second and 100 imports a minute,
both per account (REF rate-limits, OAS bulk-import-contacts)."""

import threading
import time
from typing import Protocol


class Limiter(Protocol):
    """What the client asks before each request. All methods are thread-safe."""

    def acquire(self, kind: str) -> None:
        """Block until one call of kind "request" or "import" may be sent.

        An import needs both: the client acquires "import", then "request".
        """

    def ended(self, answered: bool) -> None:
        """The call that this thread has acquired last is over, `answered` or not."""

    def pause(self, seconds: float) -> None:
        """Let nobody send for so many seconds, because the server said so."""


class LocalLimiter:
    """Evenly spaced calls for all threads of one process.

    Even spacing (GCRA with a burst of one) is what a sliding window asks for: any
    six requests in a row span five gaps. The gaps are stretched by `margin` so that
    the five stay longer than a second although the network delays some requests.
    """

    def __init__(
        self,
        requests_per_second: float = 5,
        imports_per_minute: float = 100,
        margin: float = 0.1,
    ):
        stretch = 1 + margin
        self._gaps = {
            "request": stretch / requests_per_second,
            "import": 60 * stretch / imports_per_minute,
        }
        self._next = dict.fromkeys(self._gaps, 0.0)
        self._paused_until = 0.0
        self._lock = threading.Lock()

    def acquire(self, kind: str) -> None:
        """Block until a call of this kind ("request" or "import") may be sent."""
        while (wait := self._try(kind)) > 0:
            time.sleep(wait)

    def ended(self, answered: bool) -> None:
        """The margin covers what is late on its way."""

    def pause(self, seconds: float) -> None:
        """Let no thread send for so many seconds."""
        with self._lock:
            until = time.monotonic() + seconds
            self._paused_until = max(self._paused_until, until)

    def _try(self, kind: str) -> float:
        """Take the place and return 0, or return the seconds until it may be free."""
        with self._lock:
            now = time.monotonic()
            wait = max(self._next[kind], self._paused_until) - now
            if wait <= 0:
                self._next[kind] = now + self._gaps[kind]
            return wait
