# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What waits, per channel of the job runner, and the jobs that are to see to it."""

from . import dashboard_figures as figures
from .dashboard_numbers import number

CHANNELS = ("webhook", "push", "batch")
JOB_STATES = {
    "waiting": ("wait_dependencies", "pending", "enqueued"),
    "running": ("started",),
    "failed": ("failed",),
}
OPEN_EVENTS = ("new", "applying", "failed")
OPEN_LINKS = ("pending", "sending", "sent")


def queues(frame, links):
    """Per channel what waits, how long already, and the jobs that are to see to it."""
    jobs = figures.jobs(frame)
    heard = figures.unsettled_events(frame)
    waiting = {
        "webhook": _waiting_events(frame, heard),
        "push": _waiting_links(frame, links, True),
        "batch": _waiting_links(frame, links, False),
    }
    return [
        {"key": name, **waiting[name], "jobs": _jobs(frame.config, jobs, name)}
        for name in CHANNELS
    ]


def _waiting_events(frame, heard):
    found = [heard[state] for state in OPEN_EVENTS if state in heard]
    count = sum(n for n, _at in found)
    domain = [["state", "in", OPEN_EVENTS]]
    return {
        "waiting": number(frame.config, count, "ac.event", domain),
        "age": _age(frame, [at for _n, at in found]),
    }


def _waiting_links(frame, links, live):
    found = [
        (count, at)
        for _object, state, is_live, count, at in links
        if state in OPEN_LINKS and is_live == live
    ]
    count = sum(n for n, _at in found)
    domain = [
        ["state", "in", OPEN_LINKS],
        ["priority", "=" if live else ">", 0],
    ]
    return {
        "waiting": number(frame.config, count, "ac.binding", domain),
        "age": _age(frame, [at for _n, at in found if at]),
    }


def _age(frame, moments):
    """Return the seconds since the oldest of some moments, None without any."""
    if not moments:
        return None
    return max(0, int((figures.moment(frame.now) - min(moments)).total_seconds()))


def _jobs(config, jobs, channel):
    """Return the jobs of a channel by what they do; only some may open their list."""
    name = f"root.ac.{channel}"
    may_read = config.env["queue.job"].has_access("read")
    keys = config._identity_keys()
    return {
        label: {
            "value": sum(jobs.get((name, state), 0) for state in states),
            "measure": "__count",
            "open": may_read
            and {
                "model": "queue.job",
                "domain": [
                    ["identity_key", "in", keys],
                    ["channel", "=", name],
                    ["state", "in", states],
                ],
            },
        }
        for label, states in JOB_STATES.items()
    }
