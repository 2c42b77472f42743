# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# These are no Odoo models:
# pylint: disable=method-required-super
"""Tags, lists and custom fields of contacts."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..paging import pages, walk
from ..result import Result
from .base import Creates, Crud, Deletes, Gets, Lists, Updates


class Tags(Crud):
    """`create({"tag": "VIP", "tagType": "contact", "description": ""})`."""

    path, envelope, collection = "/tags", "tag", "tags"


class MailingLists(Creates, Gets, Lists, Deletes):
    path, envelope, collection = "/lists", "list", "lists"

    def show_to_group(self, list_id: str | int, group_id: str | int) -> Result:
        """Make a new list visible to the users of a group (OAS listGroups)."""
        values = {"listid": list_id, "groupid": group_id}
        return self.client.request(
            "POST", "/listGroups", {"listGroup": values}, envelope="listGroup"
        )


class Fields(Crud):
    """Custom fields: {"title", "type", "perstag", …}.

    A new field shows only after `field_rels.create`, and options are made by
    `field_options.create`.
    """

    path, envelope, collection = "/fields", "field", "fields"

    def list(self, **filters: Any) -> Iterator[dict]:
        """Yield all fields, each with the values of its options as `fieldOptions`.

        The options come beside the fields (OAS retrieve-fields); fields of accounts
        and deals carry theirs under the same name.
        """
        for page in pages(self.client, self.path, self.collection, filters):
            options = _options_by_field(page)
            for field in page[self.collection]:
                yield {**field, "fieldOptions": options.get(str(field["id"]), [])}


def _options_by_field(page: dict) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for option in page.get("fieldOptions") or []:
        found.setdefault(str(option["field"]), []).append(str(option["value"]))
    return found


class FieldOptions(Deletes):
    path = "/fieldOptions"

    def create(self, options: Sequence[dict]) -> Result:
        """Add options: [{"field", "value", "label", "orderid", "isdefault"}].

        `data["fieldOptions"]` has them all, `record` the first (OAS fieldOption/bulk).
        """
        return self.client.request(
            "POST",
            "/fieldOption/bulk",
            {"fieldOptions": list(options)},
            envelope="fieldOption",
        )


class FieldRels(Creates, Deletes):
    """Which list shows a field: {"field": 8, "relid": 0}, 0 for all lists."""

    path, envelope = "/fieldRels", "fieldRel"


class GroupMembers(Creates, Gets, Updates, Deletes):
    """Where a field stands in the forms: {"rel_id": field, "group_id": group}."""

    path, envelope = "/groupMembers", "groupMember"

    def groups(self) -> Iterator[dict]:
        """Yield the groups, which is what GET /groupMembers gives (OAS)."""
        return walk(self.client, self.path, "groupDefinitions", {})
