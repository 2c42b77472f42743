# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contacts, and what hangs on one contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..paging import PAGE, walk, walk_by_id
from ..result import Result
from .base import Creates, Crud, Deletes

#: These filters need plain offsets (REF pagination).
OFFSET_ONLY = frozenset({"segmentid", "orders", "offset", "id_less"})


class Contacts(Crud):
    path, envelope, collection = "/contacts", "contact", "contacts"

    def sync(self, values: dict) -> Result:
        """Create or update by e-mail; keys left out are kept, "" clears a field.

        `created` tells the two apart: 200 is observed for a known e-mail, but
        documented is 201 for both (OAS sync-a-contacts-data), so the two dates of
        the contact decide as well. The path has no "s".
        """
        result = self.client.request(
            "POST",
            "/contact/sync",
            {"contact": values},
            envelope="contact",
            idempotent=True,
        )
        new = result.record.get("cdate") == result.record.get("udate")
        return replace(result, created=result.status == 201 and new)

    def list(self, **filters: Any) -> Iterator[dict]:
        """Yield all contacts that match; `email=`, `status=-1`, `tagid=` … (OAS)."""
        names = {name.partition("[")[0] for name in filters}
        step = walk if names & OFFSET_ONLY else walk_by_id
        return step(self.client, self.path, self.collection, filters)

    def read_many(
        self, ids: list[str], include: tuple[str, ...] = ()
    ) -> tuple[list[dict], dict[str, list]]:
        """Return up to 100 contacts by id in one request, and what came beside them.

        :param include: "fieldValues", "contactLists" …; not documented for contacts,
            so a name that the answer does not have was not understood
        :return: ``(contacts, {name: rows})``
        """
        query = {"ids": ids, "limit": PAGE, "include": ",".join(include) or None}
        result = self.client.request("GET", self.path, params=query, needs_body=True)
        found = {name: result.data[name] for name in include if name in result.data}
        return result.data.get(self.collection) or [], found

    def related(self, contact_id: str | int, collection: str) -> Iterator[dict]:
        """Yield what hangs on a contact: "contactTags", "contactLists", "notes",
        "fieldValues", "accountContacts", "scoreValues", "bounceLogs", "trackingLogs" …
        """
        path = self.item(contact_id, collection)
        return walk(self.client, path, collection, {})


class ContactTags(Creates, Deletes):
    """`create({"contact": 1, "tag": 2})`; `delete` takes the id of the link."""

    path, envelope = "/contactTags", "contactTag"

    def of_contact(self, contact_id: str | int) -> Iterator[dict]:
        """Yield the links of a contact: {"id", "contact", "tag"}."""
        return self.client.contacts.related(contact_id, "contactTags")


class ContactLists(Creates):
    """Subscriptions: {"contact", "list", "status"}, status 1 subscribed, 2 not."""

    path, envelope = "/contactLists", "contactList"

    def create(self, values: dict, idempotent: bool = True) -> Result:
        """Subscribe (status 1) or unsubscribe (2); an upsert.

        Status 1 also takes people back who opted out (OAS
        update-list-status-for-contact): check their consent before.
        """
        return super().create(values, idempotent)

    def of_contact(self, contact_id: str | int) -> Iterator[dict]:
        """Yield the subscriptions of a contact."""
        return self.client.contacts.related(contact_id, "contactLists")


class FieldValues(Crud):
    """`create({"contact": 1, "field": 2, "value": "||a||b||"})`."""

    path, envelope, collection = "/fieldValues", "fieldValue", "fieldValues"


class Notes(Crud):
    """{"note", "relid", "reltype": Activity|Deal|DealTask|Subscriber|CustomerAccount}"""

    path, envelope, collection = "/notes", "note", "notes"
