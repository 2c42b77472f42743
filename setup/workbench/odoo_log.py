"""Finds what Odoo complained about in its log."""

import re

LINE = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*|^Traceback .*|^ERROR .*")
# Complaints that are not ours, each with its reason.
ALLOWED = {
    r"py\.warnings: .*odoo/addons/base/": "old spellings in Odoo's own base module",
    r"selfie_segmentation": "Debian leaves this script out of its Odoo",
    r"odoo\.addons\.queue_job.*(?:deprecated|Deprecated)": "queue_job's own",
}


def complaints(log: str) -> list[str]:
    """Lines of `log` at WARNING or above, tracebacks too, that ALLOWED does not name."""
    lines = [line for line in log.splitlines() if LINE.match(line)]
    return [x for x in lines if not any(re.search(known, x) for known in ALLOWED)]
