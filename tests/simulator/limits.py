"""The account's rate limits: requests per second, imports per minute."""

from collections import deque


class Window:
    """At most `most` moments in any `seconds`, as a sliding window."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.taken = deque()

    def take(self, now, most):
        """True and one place taken, or False when the window is full."""
        while self.taken and now - self.taken[0] >= self.seconds:
            self.taken.popleft()
        if len(self.taken) >= most:
            return False
        self.taken.append(now)
        return True


class Limits:
    """5 requests/s and 100 imports/min (20 with one contact), unless changed.

    `retry_after` is in seconds. Moments are by a monotonic clock.
    """

    def __init__(self):
        self.enabled = True
        self.requests_per_second = 5
        self.imports_per_minute = 100
        self.single_imports_per_minute = 20
        self.retry_after = 30
        self.second = Window(1.0)
        self.minute = Window(60.0)
        self.single_minute = Window(60.0)

    def change(self, values):
        """Take over settings; an unknown name is a `ValueError`."""
        for name, value in values.items():
            if name not in self.as_dict():
                raise ValueError(f"there is no limit {name!r}")
            setattr(self, name, value)

    def as_dict(self):
        """The settings, without what has been counted."""
        return {k: v for k, v in vars(self).items() if not isinstance(v, Window)}

    def take_request(self, now):
        """Whether one more request may pass."""
        return not self.enabled or self.second.take(now, self.requests_per_second)

    def take_import(self, now, contacts):
        """Whether one more import of so many contacts may pass."""
        if not self.enabled:
            return True
        if contacts == 1:
            return self.single_minute.take(now, self.single_imports_per_minute)
        return self.minute.take(now, self.imports_per_minute)

    def headers(self):
        """The `RateLimit-*` headers of every answer."""
        left = max(self.requests_per_second - len(self.second.taken), 0)
        return {
            "RateLimit-Limit": str(self.requests_per_second),
            "RateLimit-Remaining": str(left),
        }
