# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the dashboard shows of one account; see `dashboard_numbers` for its shapes."""

from odoo import fields

from . import dashboard_figures as figures
from .dashboard_numbers import number
from .dashboard_queue import OPEN_LINKS, queues
from .dashboard_traffic import REFUSED, backlog, events, requests

LAST_RUNS = 5


def build(config, hours):
    """Return everything that the dashboard shows, ready for JSON."""
    frame = figures.frame(config, hours)
    links = figures.links(frame)
    return {
        "period": frame.hours,
        "at": int(frame.now),
        "health": _health(config),
        "records": _records(config, links, figures.delays(frame)),
        "objects": _objects(config, links),
        "queues": queues(frame, links),
        "requests": requests(frame),
        "events": events(frame),
        "backlog": backlog(frame),
        "errors": _errors(config),
        "runs": _runs(config),
    }


def _health(config):
    states = dict(config._fields["breaker_state"]._description_selection(config.env))
    alerts = config.env["ac.alert"].search(
        [("config_id", "=", config.id), ("state", "=", "open")]
    )
    return {
        "connected": config.state == "confirmed",
        "problem": config.problem or "",
        "breaker": config.breaker_state,
        "breaker_label": states[config.breaker_state],
        "reason": config.breaker_reason or "",
        "until": fields.Datetime.to_string(config.breaker_until) or "",
        "alerts": [
            {
                "id": alert.id,
                "title": alert.title,
                "message": alert.message,
                "since": fields.Datetime.to_string(alert.since),
            }
            for alert in alerts
        ],
    }


# Records ------------------------------------------------------------------------------


def _records(config, links, delays):
    """All links together, and how long a save takes to arrive."""

    def of(*states):
        count = sum(n for _object, state, _live, n, _at in links if state in states)
        return number(config, count, "ac.binding", [["state", "in", states]])

    average, p95 = delays
    synced, failed = of("synced"), of(*REFUSED)
    settled = synced["value"] + failed["value"]
    return {
        "synced": synced,
        "failed": failed,
        "skipped": of("skipped"),
        "waiting": of(*OPEN_LINKS),
        "success": 100 * synced["value"] / settled if settled else None,
        "average": average,
        "p95": p95,
    }


def _objects(config, links):
    """Per kind of object how many records are in which state."""
    binding = config.env["ac.binding"]
    labels = dict(binding._fields["object"]._description_selection(config.env))
    states = binding._fields["state"]._description_selection(config.env)
    counts = {}
    for name, state, _live, count, _at in links:
        counts[name, state] = counts.get((name, state), 0) + count
    names = [name for name in labels if any(key[0] == name for key in counts)]
    return {
        "states": [{"key": state, "label": label} for state, label in states],
        "rows": [
            {
                "key": name,
                "label": labels[name],
                "cells": {
                    state: _cell(config, name, state, counts) for state, _l in states
                },
            }
            for name in names
        ],
    }


def _cell(config, name, state, counts):
    domain = [["object", "=", name], ["state", "=", state]]
    return number(config, counts.get((name, state), 0), "ac.binding", domain)


# Errors and runs ----------------------------------------------------------------------


def _errors(config):
    """Return the number of errors that nobody has dealt with."""
    domain = [["state", "not in", ("solved", "ignored")]]
    log = config.env["ac.error.log"].sudo()
    count = log.search_count([("config_id", "=", config.id), *map(tuple, domain)])
    return number(config, count, "ac.error.log", domain)


def _runs(config):
    """Return the last runs; each opens itself."""
    runs = config.env["ac.sync.run"].search(
        [("config_id", "=", config.id)], limit=LAST_RUNS
    )
    states = dict(runs._fields["shown_state"]._description_selection(config.env))
    return [
        {
            "id": run.id,
            "name": run.name,
            "state": run.shown_state,
            "label": states[run.shown_state],
            "started": fields.Datetime.to_string(run.started_at),
            "progress": run.progress,
            "total": run.total,
            "synced": run.synced,
            "skipped": run.skipped,
            "failed": run.failed,
            "left": run.time_left or "",
        }
        for run in runs
    ]
