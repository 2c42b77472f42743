# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts as they are now: a webhook is a hint, the account has the truth."""

from datetime import datetime, timezone

from odoo.tools import split_every

from ..activecampaign import SkippableError
from .field_values import written

PAGE = 100
"""Contacts that one page of ``GET /contacts`` holds at most (REF:pagination)."""
PARTS = ("fieldValues", "contactLists")
"""What a list of contacts brings along where the account looks at ``include``; it is
documented for other lists only, so an answer without it is expected."""


def contacts(client, ids):
    """Return ``{AC id: contact}``; those that are gone over there are left out.

    A contact is REST's object with three more keys: ``fields`` ``{AC field id: text}``,
    ``lists`` ``{AC list id: status}``, 1 subscribed, 2 unsubscribed, 3 bounced, and
    ``read_at``, the moment (UTC) before it was asked for.

    One request for a hundred contacts; one each where the account's lists do not bring
    the values along.

    :param ids: AC ids (str)
    :raise RetriableError: ActiveCampaign cannot be reached now
    """
    found = {}
    for page in split_every(PAGE, sorted(ids)):
        found |= _page(client, list(page)) if len(page) > 1 else _singly(client, page)
    return found


def now():
    """Return this moment as JSON can keep it; see `pull.take_over`."""
    return datetime.now(timezone.utc).replace(tzinfo=None).isoformat()


def _page(client, ids):
    read_at = now()
    rows, parts = client.contacts.read_many(ids, PARTS)
    rows = [row for row in rows if str(row["id"]) in ids]
    if not all(name in parts for name in PARTS):
        return _singly(client, [str(row["id"]) for row in rows])
    of = {name: _by_contact(parts[name]) for name in PARTS}
    return {
        str(row["id"]): _complete(
            row, read_at, *(of[name].get(str(row["id"]), ()) for name in PARTS)
        )
        for row in rows
    }


def _by_contact(rows):
    found = {}
    for row in rows:
        found.setdefault(str(row.get("contact")), []).append(row)
    return found


def _singly(client, ids):
    found = {}
    for contact_id in ids:
        read_at = now()
        try:
            answer = client.contacts.get(contact_id)
        except SkippableError:  # deleted since, or no contact at all
            continue
        parts = (answer.data.get(name) or () for name in PARTS)
        found[contact_id] = _complete(answer.record, read_at, *parts)
    return found


def _complete(contact, read_at, values, lists):
    return {
        **contact,
        "read_at": read_at,
        "fields": {str(row["field"]): written(row.get("value")) for row in values},
        "lists": {str(row["list"]): int(row["status"] or 0) for row in lists},
    }
