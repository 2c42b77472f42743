"""Things that go wrong on purpose."""

import asyncio
import re
from dataclasses import asdict, dataclass

from starlette.responses import Response

KINDS = ("status", "delay", "drop", "truncate", "empty", "accept_timeout")


@dataclass
class Rule:
    """Which requests go wrong and how.

    status: refused with `status` before anything happens, in the shape of AC's 422 if
    there is a `title` (REF errors). delay: answered after
    `seconds`. drop: connection closed before anything happens. truncate, empty: done,
    but the body is cut or missing. accept_timeout: done, then silence for `seconds`.
    `path` is a regular expression searched in the path, `times` how often at most.
    """

    kind: str
    path: str = ""
    method: str | None = None
    status: int = 500
    seconds: float = 1.0
    probability: float = 1.0
    times: int | None = None
    retry_after: float | None = None
    title: str | None = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(
                f"there is no fault {self.kind!r}, only {', '.join(KINDS)}"
            )
        re.compile(self.path)

    def matches(self, method, path, random):
        """Whether this request goes wrong; uses up one of `times`."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        if not re.search(self.path, path) or random.random() >= self.probability:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


class Faults:
    """The rules in force; the first that matches wins."""

    def __init__(self):
        self.rules = []

    def add(self, rules):
        """Add rules given as dicts; a wrong one is a `ValueError` or `TypeError`."""
        self.rules += [Rule(**rule) for rule in rules]

    def pick(self, method, path, random):
        """The rule for this request or None."""
        return next((r for r in self.rules if r.matches(method, path, random)), None)

    def as_list(self):
        """The rules as dicts."""
        return [asdict(rule) for rule in self.rules]


class NoAnswer(Response):
    """Closes the connection without an answer, after `seconds` of silence."""

    def __init__(self, seconds=0.0):
        super().__init__(status_code=500)
        self.seconds = seconds

    async def __call__(self, scope, receive, send):
        try:
            await asyncio.wait_for(gone(receive), self.seconds)
        except asyncio.TimeoutError:
            await hang_up(scope, receive)


class CutAnswer(Response):
    """Promises the whole body and sends half of it."""

    async def __call__(self, scope, receive, send):
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        half = self.body[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await hang_up(scope, receive)


async def gone(receive):
    """Wait until the other side has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def hang_up(scope, receive):
    """Close the connection in the middle of an answer."""
    scope["transport"].close()
    await gone(receive)


def cut(answer):
    """The same answer, cut off in the middle of its body."""
    broken = CutAnswer(answer.body, answer.status_code)
    broken.raw_headers = answer.raw_headers
    return broken


def emptied(answer):
    """The same answer without a body."""
    return Response(status_code=answer.status_code, media_type="application/json")
