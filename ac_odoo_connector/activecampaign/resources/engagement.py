# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What contacts did and what they are worth: read only."""

from collections.abc import Iterator
from typing import Any

from ..paging import walk
from .base import Lists, Reads


class Scores(Reads):
    path, envelope, collection = "/scores", "score", "scores"

    def of_contact(self, contact_id: str | int) -> Iterator[dict]:
        """Yield {"score", "contact", "scoreValue"} of a contact."""
        return self.client.contacts.related(contact_id, "scoreValues")


class Activities(Lists):
    """`list(contact=7, after="2026-01-01T00:00:00-06:00")`."""

    path, collection = "/activities", "activities"

    def emails(self, **filters: Any) -> Iterator[dict]:
        """Yield e-mail activities, as `emails(filters={"subscriberid": 7})`."""
        return walk(self.client, "/emailActivities", "emailActivities", filters)


class Campaigns(Reads):
    path, envelope, collection = "/campaigns", "campaign", "campaigns"

    def links(self, campaign_id: str | int) -> Iterator[dict]:
        """Yield the links of a campaign's messages."""
        return walk(self.client, self.item(campaign_id, "links"), "links", {})
