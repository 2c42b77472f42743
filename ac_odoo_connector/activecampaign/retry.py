# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""When one call is sent again, and how long it waits before."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tenacity

from .errors import (
    ActiveCampaignError,
    AuthenticationError,
    RateLimited,
    ServerError,
    Unreachable,
)

_logger = logging.getLogger(__name__)

REPEATED_STATUSES = frozenset({500, 502, 503, 504, *range(520, 527)})
#: ActiveCampaign gives 403 now and then for a good key, so a bad key is told from
#: a hiccup by asking again shortly.
FORBIDDEN_ATTEMPTS = 3


@dataclass(frozen=True)
class RetryPolicy:
    """How one call is repeated; all times in seconds.

    :ivar attempts: how often it is sent at most
    :ivar first_wait: wait before the second attempt, doubled before each further one
    :ivar jitter: up to this much is added at random, so that workers spread out
    :ivar longest_wait: cap of a wait; a longer Retry-After ends the call with its error
    :ivar deadline: most time one call may take with all its waits, None for no limit;
        waiting for the limiter counts, but only the limiter can cut it short
    """

    attempts: int = 5
    first_wait: float = 1.0
    jitter: float = 0.5
    longest_wait: float = 60.0
    deadline: float | None = None

    def run(self, attempt: Callable[[int, float | None], Any]) -> Any:
        """Call `attempt(number, seconds left)` until it succeeds or is not worth it.

        Raises the error of the last attempt.
        """
        started = time.monotonic()
        retrying = tenacity.Retrying(
            retry=lambda state: worth_repeating(state.outcome, state.attempt_number),
            wait=self._wait,
            stop=lambda state: self._is_over(state, started),
            before_sleep=_log_wait,
            reraise=True,
        )
        for state in retrying:
            with state:
                number = state.retry_state.attempt_number
                return attempt(number, self._left(started))

    def _left(self, started: float) -> float | None:
        if self.deadline is None:
            return None
        return self.deadline - (time.monotonic() - started)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        asked = state.outcome.exception().retry_after
        if asked is not None:
            return asked
        spread = tenacity.wait_random(0, self.jitter)(state)
        doubled = self.first_wait * 2 ** (state.attempt_number - 1)
        return min(doubled + spread, self.longest_wait)

    def _is_over(self, state: tenacity.RetryCallState, started: float) -> bool:
        left = self._left(started)
        return (
            state.attempt_number >= self.attempts
            or state.upcoming_sleep > self.longest_wait
            or (left is not None and state.upcoming_sleep >= left)
        )


def worth_repeating(outcome: tenacity.Future, attempt_number: int) -> bool:
    """Whether the same call may work if it is sent again in some seconds.

    An UncertainOutcome is not: a create that may have worked is never repeated here.
    """
    error = outcome.exception()
    if isinstance(error, RateLimited | Unreachable):
        return True
    if isinstance(error, ServerError):
        return error.status < 300 or error.status in REPEATED_STATUSES
    if isinstance(error, AuthenticationError):
        return error.status == 403 and attempt_number < FORBIDDEN_ATTEMPTS
    return False


def _log_wait(state: tenacity.RetryCallState) -> None:
    error: ActiveCampaignError = state.outcome.exception()
    _logger.info(
        "%s %s: %s (status %s) at attempt %d, next in %.1f s",
        error.method,
        error.path,
        type(error).__name__,
        error.status,
        state.attempt_number,
        state.upcoming_sleep,
    )
