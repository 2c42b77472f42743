# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What people are woken for: one row per kind, each with a check of its own.

A check looks at one account at a moment and returns what it has found as plain values
for JSON, ``None`` when all is well. They are put into words by `models/ac_alert_words.py`, in the
reader's language; incidents, messages and quiet hours are `models/ac_alert.py`.
"""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields

from . import backlog

COMPARISONS = ("ac.reconciliation", "ac.audit.run")
FAILURES_WITHIN = timedelta(hours=1)
FAILED_TESTS = 5
"""So many failed connection tests within an hour: somebody tries keys."""
WRONG_TOKENS = 50
"""So many refused webhooks within an hour: more than one that somebody forgot."""
CALM = timedelta(minutes=15)
"""An incident is over when it was not seen for so long: what comes and goes every few
minutes is one incident with one message."""


class Kind(NamedTuple):
    """A kind of incident: its check, and which other kinds explain it away.

    Nobody needs a second message that records wait while nothing may be sent.
    """

    check: object
    explained_by: tuple = ()


def refused(config, now):
    """The account lets nothing through: a refused key, a wrong vault, an unpaid bill."""
    return {"problem": config.problem} if config.problem else None


def broken(config, now):
    """The breaker keeps requests back."""
    if config.breaker_state == "closed":
        return None
    return {"problem": config.breaker_reason or ""}


def failing(config, now):
    """Many records or events fail."""
    count = config.env["ac.error.log"].search_count(failures(config, now))
    return {"count": count} if count >= config.alert_failures else None


def failures(config, now=None):
    """Return the domain of the errors of the last hour that nobody has dealt with."""
    return [
        ("config_id", "=", config.id),
        ("state", "not in", ("solved", "ignored")),
        ("last_seen", ">=", (now or fields.Datetime.now()) - FAILURES_WITHIN),
    ]


def lagging(config, now):
    """Something waits for too long."""
    count, seconds = backlog.measure(config, now)
    if seconds < config.alert_backlog_minutes * 60:
        return None
    return {"count": count, "minutes": seconds // 60}


def growing(config, now):
    """More and more waits: it comes faster than it goes."""
    before, halfway, now = backlog.growth(config, now) or (0, 0, 0)
    grows = now >= config.alert_backlog_records and now > halfway > before
    return {"before": before, "count": now} if grows else None


def unheard(config, now):
    """ActiveCampaign does not report any more, as far as one can tell."""
    if config.webhook_problem:
        return {"problem": config.webhook_problem}
    if config._is_silent():
        return {"hours": config.webhook_silence_hours}
    return None


def differing(config, now):
    """The last comparison of both sides has failed, or the last audit found differences
    that nobody has repaired."""
    for model in COMPARISONS:
        last = _last_comparison(config, model)
        place = {"model": model, "id": last.id}
        if last.state == "failed":
            return {**place, "problem": last.message or ""}
        if "result" in last and last.result == "different" and not last.repaired_at:
            return {**place, "count": last.differences}
    return None


def _last_comparison(config, model):
    ended = [("config_id", "=", config.id), ("state", "in", ("done", "failed"))]
    return config.env[model].search(ended, limit=1)


def tried(config, now):
    """Connection tests fail again and again."""
    since = (now or fields.Datetime.now()) - FAILURES_WITHIN
    failed = [("config_id", "=", config.id), ("action", "=", "test_failed")]
    count = config.env["ac.trail"].search_count([*failed, ("date", ">=", since)])
    return {"count": count} if count >= FAILED_TESTS else None


def knocking(config, now):
    """Webhooks with a wrong token arrive again and again: whose they are meant for, of
    several accounts, nobody can tell."""
    groups = config.env["ac.error.log"]._read_group(
        [
            ("code", "=", "wrong_token"),
            ("config_id", "in", (config.id, False)),
            ("last_seen", ">=", (now or fields.Datetime.now()) - FAILURES_WITHIN),
        ],
        aggregates=["count:sum"],
    )
    count = groups[0][0] or 0
    return {"count": count} if count >= WRONG_TOKENS else None


KINDS = {
    "access": Kind(refused),
    "breaker": Kind(broken, explained_by=("access",)),
    "failures": Kind(failing),
    "backlog": Kind(lagging, explained_by=("access", "breaker")),
    "growth": Kind(growing, explained_by=("access", "breaker", "backlog")),
    "webhook": Kind(unheard),
    "audit": Kind(differing),
    "tests": Kind(tried),
    "tokens": Kind(knocking),
}


def findings(config, now, lasting=()):
    """Return ``{kind: facts}`` of what is wrong with an account now.

    :param lasting: kinds of the incidents that are not over yet
    """
    found = {}
    for name, kind in KINDS.items():
        known = {*found, *lasting}
        if known.isdisjoint(kind.explained_by) or name in lasting:
            if facts := kind.check(config, now):
                found[name] = facts
    return found


def is_quiet(config, moment):
    """Whether nobody is to be disturbed now.

    :param moment: datetime (UTC, naive as Odoo's own)
    """
    begin, end = config.alert_quiet_from, config.alert_quiet_until
    zone = config.with_context(tz=config.alert_tz or "UTC")
    local = fields.Datetime.context_timestamp(zone, moment)
    clock = local.hour + local.minute / 60
    if begin <= end:
        return begin <= clock < end
    return clock >= begin or clock < end
