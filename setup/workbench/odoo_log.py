"""Finds what Odoo complained about in its log."""

import re

LINE = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*|^Traceback .*|^ERROR .*")
# Complaints that are not ours, each with its reason.
ALLOWED = {
    r"Node\.traverse\(\) is obsoleted": "Odoo 18 renders the description that way",
}


def complaints(log: str) -> list[str]:
    """Lines of `log` at WARNING or above, tracebacks too, that ALLOWED does not name."""
    lines = [line for line in log.splitlines() if LINE.match(line)]
    return [x for x in lines if not any(re.search(known, x) for known in ALLOWED)]
