# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One page at a time of what ActiveCampaign holds, from a position that can be stored.

A position is plain JSON; each function returns a `Page` with the position after it. No
order within a page is relied upon, and rows at the edge of two pages may share a date:
contacts go by their id, deals by offset and count.
"""

import hashlib
import json
from dataclasses import dataclass, field

from ..mapping.contact import SUBSCRIBED, UNSUBSCRIBED
from ..mapping.event import BOUNCED
from .reread import now

PAGE = 100
"""Largest page that ActiveCampaign gives (REF pagination)."""
ROUNDS = {"contacts": 2, "deals": 8, "ecomOrders": 8}
"""How often a list is gone through that shows fewer rows than it announced. By ids hardly
a row can be missed; by offset every fifth, where the order is random for each request."""


class RepeatedPage(Exception):
    """The server gives the same rows again and again: it does not know its own paging."""


@dataclass(frozen=True)
class Page:
    """`records` of one answer, the `position` after it, whether it was the `last` one;
    `beside` is the whole answer with what came beside the records, and when contacts
    were asked for."""

    records: list
    position: dict
    last: bool
    beside: dict = field(default_factory=dict)


def contacts(client, position, **query):
    """Return a page of contacts by ``id_greater`` (REF pagination: contacts only).

    :param position: ``{"last": highest id so far, "found", "total": of the walk}``
    :raise RepeatedPage: the server does not look at ``id_greater``
    """
    last = int(position.get("last") or 0)
    params = {**query, "limit": PAGE, "orders[id]": "ASC", "id_greater": last}
    read_at = now()
    answer = {**_get(client, "/contacts", params), "read_at": read_at}
    records = answer.get("contacts") or []
    ids = [int(record["id"]) for record in records]
    if ids and min(ids) <= last:
        raise RepeatedPage("contacts")
    total = _total(answer)
    after = {
        **position,
        "last": max(ids, default=last),
        "found": (position.get("found", 0) if last else 0) + len(records),
        "total": position.get("total") if last else total,
    }
    ended = not records or (total is not None and total <= len(records))
    return Page(records, after, ended, answer)


def members(client, position):
    """Return a page of the contacts of one list with one status.

    :param position: ``{"pairs": [[AC list id, status], ...], "last": id}``, the first
        pair is the one under way
    """
    pairs = position["pairs"]
    if not pairs:
        return Page([], position, True)
    (list_id, status), *left = pairs
    page = contacts(client, position, listid=list_id, status=status)
    after = {**page.position, "pairs": left, "last": 0} if page.last else page.position
    return Page(page.records, after, page.last and not left)


def pairs(list_ids, joined=False):
    """Return what `members` goes through: who has left or bounced, perhaps who is in."""
    statuses = [UNSUBSCRIBED, BOUNCED, *([SUBSCRIBED] if joined else [])]
    return [[str(id_), status] for id_ in list_ids for status in statuses]


def deals(client, position, **query):
    """Return a page of deals; see `by_offset`."""
    return by_offset(client, "deals", position, **{"orders[cdate]": "ASC", **query})


def by_offset(client, plural, position, **query):
    """Return a page of a list by offset; the list is gone through again where rows are
    missing, because its order is not the same for every request.

    :param plural: the list's name and path: "deals"
    :param position: ``{"offset", "mark": of the page before, "round", "found": number of
        different rows so far}``; whoever stores the records counts `found`
    :raise RepeatedPage: the server does not look at ``offset``
    """
    offset = int(position.get("offset") or 0)
    read_at = now()
    params = {**query, "limit": PAGE, "offset": offset}
    answer = {**_get(client, f"/{plural}", params), "read_at": read_at}
    records = answer.get(plural) or []
    mark = _mark(records)
    if records and mark == position.get("mark"):
        raise RepeatedPage(plural)
    total = _total(answer)
    after = {**position, "offset": offset + len(records), "mark": mark, "total": total}
    ended = not records or (total is not None and after["offset"] >= total)
    return Page(records, after, ended, answer)


def once_more(position, name):
    """Return the position of another round, None when nothing was missed: a list whose
    order is not the same for every request has shown fewer rows than it announced."""
    missing = (position.get("total") or 0) > position.get("found", 0)
    number = position.get("round", 1)
    if not missing or number >= ROUNDS[name]:
        return None
    return {**position, "offset": 0, "last": 0, "mark": None, "round": number + 1}


def activities(client, position, contact_id, after):
    """Return a page of what one contact has done since a moment (OAS
    list-contact-activities); the newest first, whatever we ask for.

    :param position: ``{"offset", "mark": of the page before}``; an answer that says no
        total ends with a page that is empty or comes twice
    """
    offset = int(position.get("offset") or 0)
    params = {
        "contact": contact_id,
        "after": after,
        "include": "reference,reference.campaign",
        "orders[tstamp]": "ASC",
        "limit": PAGE,
        "offset": offset,
    }
    answer = _get(client, "/activities", params)
    records = answer.get("activities") or []
    total, mark = _total(answer), _mark(records)
    end = offset + len(records)
    repeated = total is None and mark == position.get("mark")
    ended = not records or repeated or (total is not None and end >= total)
    after = {"offset": 0, "mark": None} if ended else {"offset": end, "mark": mark}
    return Page(records, {**position, **after}, ended, answer)


def _get(client, path, params):
    return client.request("GET", path, params=params, needs_body=True).data


def _total(answer):
    meta = answer.get("meta")
    try:
        return int(meta["total"])
    except (KeyError, TypeError, ValueError):
        return None


def _mark(records):
    ids = sorted(str(record.get("id")) for record in records)
    return hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:16]
