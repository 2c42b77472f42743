# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# These are no Odoo models:
# pylint: disable=method-required-super
"""What the resources share: five operations over one path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ..paging import walk
from ..result import Result

NO_IDS = frozenset({"", ".", "..", "None", "False"})


class Resource:
    """A path of the API; `envelope` names one object and `collection` many."""

    path = ""
    envelope = ""
    collection = ""

    def __init__(self, client):
        self.client = client

    def item(self, identity: str | int, *rest: str | int) -> str:
        """Return the path of one record, "/contacts/7" or "/contacts/7/notes".

        :raises ValueError: an empty id, which would address the whole collection
        """
        parts = [str(part) for part in (identity, *rest)]
        if NO_IDS.intersection(parts):
            raise ValueError(f"No id for {self.path}")
        return "/".join([self.path, *(quote(part, safe="") for part in parts)])


class Lists(Resource):
    def list(self, **filters: Any) -> Iterator[dict]:
        """Yield the records of all pages; `filters={"name": "x"}, search="y"` …"""
        return walk(self.client, self.path, self.collection, filters)


class Gets(Resource):
    def get(self, identity: str | int) -> Result:
        """Return one record; raises NotFound. An empty answer is none: a record without
        values would be taken for one that was emptied."""
        return self.client.request(
            "GET", self.item(identity), envelope=self.envelope, needs_body=True
        )


class Creates(Resource):
    def create(self, values: dict, idempotent: bool = False) -> Result:
        """Create a record.

        :param idempotent: a repetition is harmless here, so repeat it after a timeout
        :raises UncertainOutcome: sent, but nobody knows whether it was done
        """
        return self.client.request(
            "POST",
            self.path,
            {self.envelope: values},
            envelope=self.envelope,
            idempotent=idempotent,
        )


class Updates(Resource):
    def update(self, identity: str | int, values: dict) -> Result:
        """Change the given values of a record; raises NotFound."""
        return self.client.request(
            "PUT",
            self.item(identity),
            {self.envelope: values},
            envelope=self.envelope,
        )


class Deletes(Resource):
    def delete(self, identity: str | int) -> Result:
        """Delete a record; raises NotFound."""
        return self.client.request("DELETE", self.item(identity))


class Reads(Lists, Gets):
    """Lists and gets: what ActiveCampaign keeps for itself."""


class Crud(Reads, Creates, Updates, Deletes):
    """All five operations."""
