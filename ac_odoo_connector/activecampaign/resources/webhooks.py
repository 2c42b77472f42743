# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Webhooks that ActiveCampaign sends to us."""

from collections.abc import Iterator

from ..paging import walk
from .base import Crud


class Webhooks(Crud):
    """{"name", "url", "events": ["subscribe"], "sources": ["public", "admin", "api",
    "system"][, "listid"]}; the API does not tell whether one is inactive."""

    path, envelope, collection = "/webhooks", "webhook", "webhooks"

    def events(self) -> Iterator[str]:
        """Yield the names of the events there are."""
        return walk(self.client, "/webhook/events", "webhookEvents", {})
