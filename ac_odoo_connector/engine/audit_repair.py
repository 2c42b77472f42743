# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Marking both sides where an audit has found a difference; no request is made here.

What ActiveCampaign has changed becomes an event in the inbox, what Odoo has to tell again
a mark in the outbox, as everywhere else. Who owns what is decided there, not here.
"""

from datetime import datetime, timezone

from . import inbox, marks
from .audit_step import CONFLICT, DELETED, FOREIGN, HELD, UNHEARD, UNSENT, WAITING
from .pull_choice import tell_again

INBOX, OUTBOX, LEFT = "inbox", "outbox", "left"


def repair(lines):
    """Mark what the lines of one audit name; return ``{line: INBOX, OUTBOX or LEFT}``.

    :param lines: `ac.audit.line` records
    """
    links, heard, unsent = _links(lines), set(), {}
    done = {}
    for line in lines:
        link = links.get((line.object, line.remote_id))
        done[line] = _repair(line, link, heard)
        if done[line] == OUTBOX and line.cause == UNSENT:
            unsent.setdefault(line.object, set()).add(link.res_id)
    if unsent:
        marks.mark(lines.env, unsent)
    return done


def _links(lines):
    found = lines.env["ac.binding"].search(
        [
            ("config_id", "=", lines.config_id.id),
            ("remote_id", "in", lines.mapped("remote_id")),
        ]
    )
    return {(link.object, link.remote_id): link for link in found}


def _repair(line, link, heard):
    if not link or line.cause in (FOREIGN, CONFLICT, HELD, WAITING):
        return LEFT
    if line.cause == UNHEARD and _hear(line, heard):
        return INBOX
    if line.cause == DELETED and line.config_id.reconcile_deleted != "again":
        return LEFT
    if line.cause != UNSENT:
        _tell_again(line, link)
    return OUTBOX


def _hear(line, heard):
    """Store the event, once for all lines that it explains; False when it was stored
    before this repair and has changed nothing.

    :param heard: what this repair has stored so far
    """
    event = dict(line.event or {})
    about = (event.get("type"), line.remote_id, event.get("list"))
    if about in heard:
        return True
    event["date_time"] = event.get("date_time") or _now()
    new = inbox.store(line.env, line.config_id, event, source="reconcile")
    heard |= {about} if new else set()
    return new


def _now():
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _tell_again(line, link):
    kind, _space, name = (line.unit or "all").partition(" ")
    if line.object != "contact" or kind == "all":
        marks.mark_lost(line.env, line.config_id, line.object, link.remote_id)
    elif kind in _PARTS:
        _forget_told(link, _PARTS[kind], name)
    else:
        tell_again(link, [line.unit])


def _forget_told(link, part, name):
    """Have one tag or list told again, whatever was told before."""
    sent = dict(link.sent or {})
    told = sent.get(part) or {}
    if part == "tags":
        sent[part] = [tag for tag in told if tag.lower() != name.lower()]
    else:
        sent[part] = {id_: status for id_, status in told.items() if id_ != name}
    link.sent = sent
    marks.mark_differing(link)


_PARTS = {"tag": "tags", "list": "lists"}
