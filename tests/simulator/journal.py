"""The log of requests: enough to prove rates and counts, never a secret."""

import time
import uuid
from collections import Counter

REFUSED_BY_LIMIT = 429


class Journal:
    """Every API request with its arrival, answer and fault. `secret` is blotted out."""

    def __init__(self, secret):
        self.secret = secret
        self.entries = []
        self.number = 0

    def open(self, method, path, query, size):
        """Note an arriving request of `size` body bytes; returns its entry."""
        self.number += 1
        entry = {
            "n": self.number,
            "t": time.time(),
            "method": method,
            "path": path.replace(self.secret, "***"),
            "query": query.replace(self.secret, "***"),
            "status": 0,
            "ms": 0.0,
            "fault": None,
            "bytes": size,
            "request_id": str(uuid.uuid4()),
        }
        self.entries.append(entry)
        return entry

    def report(self, since=0):
        """Entries after number `since`, with the rates over all of them."""
        entries = [entry for entry in self.entries if entry["n"] > since]
        api = [entry for entry in entries if entry["path"].startswith("/api/")]
        seen = [entry["t"] for entry in api]
        passed = [e["t"] for e in api if e["status"] != REFUSED_BY_LIMIT]
        return {
            "entries": entries,
            "max_per_second_seen": busiest_second(seen),
            "max_per_second_accepted": busiest_second(passed),
            "by_path": Counter(f"{e['method']} {e['path']}" for e in entries),
            "statuses": Counter(str(e["status"]) for e in entries),
        }

    def clear(self):
        """Forget all entries; numbers go on."""
        self.entries = []


def busiest_second(moments):
    """The most moments (seconds, ascending) in any window of one second."""
    most = start = 0
    for end, moment in enumerate(moments):
        while moment - moments[start] >= 1.0:
            start += 1
        most = max(most, end - start + 1)
    return most
