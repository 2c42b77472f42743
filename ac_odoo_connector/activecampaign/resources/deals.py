# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
# These are no Odoo models:
# pylint: disable=method-required-super
"""Deals, their pipelines, stages, notes and secondary contacts."""

from collections.abc import Iterator, Sequence

from ..paging import walk
from ..result import Result
from .base import Crud, Resource


class Deals(Crud):
    """{"title", "contact" or "account", "value": int cents, "currency": "eur",
    "group" and/or "stage", "owner", "status": 0 open 1 won 2 lost}."""

    path, envelope, collection = "/deals", "deal", "deals"

    def set_owners(self, owners: Sequence[dict]) -> Result:
        """Change owners: [{"id", "ownerId"}]; `data` has success, nochange, failed."""
        return self.client.request(
            "PATCH", "/deals/bulkUpdate", {"deals": list(owners)}, idempotent=True
        )


class Pipelines(Crud):
    """A new pipeline gets three stages of its own."""

    path, envelope, collection = "/dealGroups", "dealGroup", "dealGroups"


class Stages(Crud):
    path, envelope, collection = "/dealStages", "dealStage", "dealStages"

    def move_deals(self, stage_id: str | int, to_stage_id: str | int) -> Result:
        """Move all deals of a stage to another one."""
        body = {"deal": {"stage": str(to_stage_id)}}
        return self.client.request("PUT", self.item(stage_id, "deals"), body)


class DealNotes(Resource):
    path = "/deals"

    def list(self, deal_id: str | int) -> Iterator[dict]:
        """Yield the notes of a deal (its link `notes`)."""
        return walk(self.client, self.item(deal_id, "notes"), "notes", {})

    def create(self, deal_id: str | int, text: str) -> Result:
        """Write a note on a deal."""
        body = {"note": {"note": text}}
        path = self.item(deal_id, "notes")
        return self.client.request("POST", path, body, envelope="note")

    def update(self, deal_id: str | int, note_id: str | int, text: str) -> Result:
        """Replace the text of a note."""
        body = {"note": {"note": text}}
        path = self.item(deal_id, "notes", note_id)
        return self.client.request("PUT", path, body, envelope="note")


class ContactDeals(Crud):
    """Secondary contacts of a deal: {"contact", "deal"[, "role"]}."""

    path, envelope, collection = "/contactDeals", "contactDeal", "contactDeals"
