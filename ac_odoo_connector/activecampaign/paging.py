# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Walking through all pages of a list."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from .errors import ServerError

#: Largest page that ActiveCampaign gives (REF pagination).
PAGE = 100
#: What it gives when it does not look at `limit`.
DEFAULT_PAGE = 20


def flat(params: dict) -> dict:
    """Return the query with brackets: {"filters": {"name": "x"}} -> filters[name]=x.

    Lists become `name[]`, booleans 1 and 0, None is left out.
    """
    query = {}
    for name, value in params.items():
        if isinstance(value, dict):
            query |= flat({f"{name}[{key}]": part for key, part in value.items()})
        elif isinstance(value, list | tuple | set):
            query[f"{name.removesuffix('[]')}[]"] = list(value)
        elif value is not None:
            query[name] = int(value) if isinstance(value, bool) else value
    return query


def walk(client, path: str, collection: str, filters: dict) -> Iterator[Any]:
    """Yield the records of all pages; see `pages`."""
    for page in pages(client, path, collection, filters):
        yield from page[collection]


def pages(client, path: str, collection: str, filters: dict) -> Iterator[dict]:
    """Yield all pages with records by limit and offset, or by `meta.next`.

    ActiveCampaign has no `meta.next` today; a server that sends one is followed.

    :raises ServerError: a page came twice although `meta.total` promises more
    """
    query = {"limit": PAGE, "offset": 0, **flat(filters)}
    seen = Seen(path)
    while True:
        page = client.request("GET", path, params=query, needs_body=True).data
        records = page.get(collection) or []
        total = _number(_meta(page).get("total"))
        if not records or seen.again(records, total):
            return
        yield page
        link = _meta(page).get("next")
        if link:
            path, text = client.path_of(link)
            query = dict(parse_qsl(text))
        elif seen.is_all(total, len(records)):
            return
        else:
            query["offset"] = int(query.get("offset") or 0) + len(records)


def walk_by_id(client, path: str, collection: str, filters: dict) -> Iterator[dict]:
    """Yield the records of all pages by `orders[id]=ASC&id_greater`.

    Faster than offsets and blind to records deleted meanwhile; contacts only
    (REF pagination).
    """
    query = {"limit": PAGE, "orders[id]": "ASC", **flat(filters)}
    last = int(query.get("id_greater") or 0)
    while True:
        query["id_greater"] = last
        page = client.request("GET", path, params=query, needs_body=True).data
        records = page.get(collection) or []
        if not records:
            return
        if int(records[0]["id"]) <= last:
            raise _repeats(path)
        yield from records
        last = int(records[-1]["id"])
        total = _number(_meta(page).get("total"))
        if total is not None and total <= len(records):
            return


class Seen:
    """Which pages a walk has met, so that no server can send it in circles."""

    def __init__(self, path: str):
        self.path = path
        self.pages: set[int] = set()
        self.count = 0

    def again(self, records: list, total: int | None) -> bool:
        """Whether this page came before: then the server does not know `offset`."""
        mark = hash(json.dumps(records, sort_keys=True, default=str))
        if mark in self.pages:
            if total is not None and total > self.count:
                raise _repeats(self.path)
            return True
        self.pages.add(mark)
        self.count += len(records)
        return False

    def is_all(self, total: int | None, length: int) -> bool:
        """Whether the list ends here, by its total or by a page that is not full."""
        if total is None:
            return length < DEFAULT_PAGE
        return self.count >= total


def _repeats(path: str) -> ServerError:
    return ServerError("The list repeats a page", status=200, method="GET", path=path)


def _meta(page: dict) -> dict:
    meta = page.get("meta")
    return meta if isinstance(meta, dict) else {}


def _number(value: Any) -> int | None:
    """`meta.total` is a string on most lists and a number on some."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
