# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bulk import of contacts (OAS bulk-import-contacts)."""

from collections.abc import Sequence
from dataclasses import replace

from ..result import Result
from ..transport import encode
from .base import Resource

MAX_CONTACTS = 250
MAX_BYTES = 400_000


class Imports(Resource):
    path = "/import/bulk_import"

    def bulk(self, contacts: Sequence[dict], callback: dict | None = None) -> Result:
        """Queue up to 250 contacts; `Result.id` is the batch to ask `info` about.

        Names are snake_case here: {"email", "first_name", "last_name", "phone",
        "tags": [], "fields": [{"id", "value"}], "subscribe": [{"listid"}],
        "exclude_automations"}. An import is an upsert by e-mail, so it is repeated
        after a timeout, and when the answer is too broken to name the batch. Below ten contacts `contacts.sync` is the better way.

        :raises ValueError: no contact, more than 250, or 400,000 bytes and more
        :raises Rejected: nothing was queued; `rows` has (index as given, reason)
        :raises RateLimited: more than 100 imports in a minute
        """
        body = {"contacts": list(contacts)}
        if callback:
            body["callback"] = callback
        if not 0 < len(contacts) <= MAX_CONTACTS:
            raise ValueError(f"An import takes 1 to {MAX_CONTACTS} contacts")
        if len(encode(body)) >= MAX_BYTES:
            raise ValueError(f"An import must be smaller than {MAX_BYTES} bytes")
        result = self.client.request(
            "POST",
            self.path,
            body,
            idempotent=True,
            kind="import",
            needs_body=True,
        )
        batch = result.data.get("batchId")
        return replace(result, id=str(batch) if batch else None)

    def info(self, batch_id: str) -> Result:
        """Return how a batch went, in `data`.

        {"status": "completed", "success": [contact ids], "failure": [e-mails]}
        """
        return self.client.request(
            "GET", "/import/info", params={"batchId": batch_id}, needs_body=True
        )

    def outstanding(self) -> Result:
        """Return {"outstanding": [{"forDate", "batches", "contacts"}], …} in `data`."""
        return self.client.request("GET", self.path, needs_body=True)
