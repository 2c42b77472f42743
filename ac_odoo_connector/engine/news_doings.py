# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What contacts have done with e-mails, where no webhook has told of it."""

from datetime import datetime, timedelta

from ..mapping import event as spelled
from . import news
from .news import Finding

NEAR = timedelta(seconds=2)
"""The webhook of a doing and its activity may be written a moment apart."""


def of_contact(env, config, page, link):
    """Return findings for what a contact has done and no event has told of yet."""
    rows = _with_references(page.beside, page.records)
    campaigns = {str(c["id"]): c for c in page.beside.get("campaigns") or ()}
    events = [spelled.of_activity(row, link.remote_id, campaigns) for row in rows]
    heard = _doings_heard(env, config, link.remote_id)
    return [
        Finding(event["type"], "contact", link.remote_id, link.res_id, payload=event)
        for event in sorted(filter(None, events), key=_moment)
        if not _take_heard(event, heard)
    ]


def _with_references(beside, records):
    """Yield activities with the ``campaign`` and ``link`` of what they refer to, where
    the answer has them beside it."""
    referred = {}
    for name, rows in beside.items():
        if name not in ("activities", "campaigns", "contacts") and isinstance(
            rows, list
        ):
            referred |= {
                str(r["id"]): r for r in rows if isinstance(r, dict) and "id" in r
            }
    for row in records:
        reference = (
            row.get("reference") if isinstance(row.get("reference"), dict) else {}
        )
        found = referred.get(str(reference.get("id")), {})
        about = {key: found[key] for key in ("campaign", "link") if found.get(key)}
        yield {**row, **about}


def _doings_heard(env, config, contact_id):
    """Return ``{type: [(moment, link or None, activity or None)]}`` of the events about
    what a contact has done, the earliest first."""
    env.cr.execute(
        """
        SELECT type, occurred_at, payload->'link'->>'url', payload->>'activity'
        FROM ac_event
        WHERE config_id = %s AND remote_contact_id = %s AND type = ANY(%s)
            AND occurred_at IS NOT NULL ORDER BY occurred_at, id
        """,
        (config.id, contact_id, list(spelled.ENGAGEMENT)),
    )
    heard = {}
    for type_, *doing in env.cr.fetchall():
        heard.setdefault(type_, []).append(doing)
    return heard


def _take_heard(event, heard):
    """Whether an event has told of this. It tells of one doing: another one may follow
    within the same second, as when a scanner of mails opens all links."""
    doings = heard.get(event["type"], [])
    told = next((doing for doing in doings if _tells(doing, event)), None)
    if told:
        doings.remove(told)
    return bool(told)


def _tells(doing, event):
    moment, *said = doing
    asked = (event.get("link", {}).get("url"), event["activity"])
    near = abs(_moment(event) - moment) <= NEAR
    return near and all(a == b for a, b in zip(said, asked, strict=True) if a and b)


def _moment(event):
    return news.moment(event["date_time"]) or datetime.min
