# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What went out to ActiveCampaign and what was heard of it, with the charts."""

from collections import Counter

from odoo import fields

from . import dashboard_figures as figures
from .dashboard_numbers import chart, number
from .usage import BUDGET_PER_MINUTE, percentile

MILLISECONDS = 1000
REFUSED = ("failed", "dead")


_text = fields.Datetime.to_string


def requests(frame):
    """What was asked of ActiveCampaign: how often, how well, how long it took."""
    usage = figures.usage(frame)
    histograms = figures.durations(frame)
    since = [["minute", ">=", _text(frame.since)]]
    failed = [*since, ["errors", ">", 0]]
    calls, errors = sum(row.calls for row in usage), sum(row.errors for row in usage)
    return {
        "calls": number(frame.config, calls, "ac.api.usage", since, "calls"),
        "errors": number(frame.config, errors, "ac.api.usage", failed, "errors"),
        "success": 100 * (calls - errors) / calls if calls else None,
        **_times(usage, histograms),
        "budget": _budget(frame),
        "chart": _calls_chart(frame, usage),
        "times": _times_chart(frame, usage, histograms),
    }


def _times(usage, histograms):
    """Return average, p95 and longest time of requests in seconds, None without any."""
    calls = sum(row.calls for row in usage)
    if not calls:
        return dict.fromkeys(("average", "p95", "longest"))
    average = sum(row.total_ms for row in usage) / calls
    longest = max(row.max_ms for row in usage)
    p95 = percentile(_added(histograms), 0.95, longest)
    return {
        "average": average / MILLISECONDS,
        "p95": p95 / MILLISECONDS,
        "longest": longest / MILLISECONDS,
    }


def _added(histograms):
    """Return one histogram of many; see `usage.BOUNDS`."""
    counts = Counter()
    for _slot, place, count in histograms:
        counts[place] += count
    return [counts[place] for place in range(max(counts, default=-1) + 1)]


def _budget(frame):
    """How much of ActiveCampaign's limit is used, in per cent."""
    recent, most, at = figures.minutes(frame)
    begin, end = figures.last_minutes(frame)
    last = [["minute", ">=", _text(begin)], ["minute", "<", _text(end)]]
    operator, minute = ("=", at) if at else (">=", frame.since)
    domain = [["minute", operator, _text(minute)]]
    return {
        "limit": BUDGET_PER_MINUTE,
        "now": 100 * recent / figures.RECENT / BUDGET_PER_MINUTE,
        "peak": 100 * most / BUDGET_PER_MINUTE,
        "recent": number(frame.config, recent, "ac.api.usage", last, "calls"),
        "most": number(frame.config, most, "ac.api.usage", domain, "calls"),
    }


def _calls_chart(frame, usage):
    good = {row.slot: row.calls - row.errors for row in usage}
    errors = {row.slot: row.errors for row in usage}
    series = [("good", good), ("errors", errors)]
    return chart(frame, series, "ac.api.usage", "minute")


def _times_chart(frame, usage, histograms):
    times = {
        row.slot: _times([row], [each for each in histograms if each[0] == row.slot])
        for row in usage
    }
    series = [
        (name, {slot: each[name] for slot, each in times.items()})
        for name in ("average", "p95")
    ]
    return chart(frame, series, "ac.api.usage", "minute")


def events(frame):
    """What ActiveCampaign has told, and by which way it was heard."""
    heard = figures.events(frame)
    config = frame.config
    since = [["create_date", ">=", _text(frame.since)]]
    by_source = {}
    for slot, source, count in heard:
        by_source.setdefault(source, {})[slot] = count
    unsettled = figures.unsettled_events(frame)
    refused = sum(unsettled.get(state, (0,))[0] for state in REFUSED)
    count = sum(row[2] for row in heard)
    return {
        "heard": number(config, count, "ac.event", since),
        "webhooks": number(
            config,
            sum(by_source.get("webhook", {}).values()),
            "ac.event",
            [*since, ["source", "=", "webhook"]],
        ),
        "failed": number(config, refused, "ac.event", [["state", "in", REFUSED]]),
        "last": _text(config.webhook_last_at) or "",
        "chart": chart(
            frame, by_source.items(), "ac.event", "create_date", by="source"
        ),
    }


def backlog(frame):
    """How many records and events waited at most, slot by slot."""
    rows = figures.backlog(frame)
    series = [("waiting", {slot: waiting for slot, waiting, _age in rows})]
    return chart(frame, series, "ac.backlog", "at")
