# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Companies and their contacts."""

from ..result import Result
from .base import Crud


class Accounts(Crud):
    """`name` is unique: `create` raises Duplicate."""

    path, envelope, collection = "/accounts", "account", "accounts"

    def add_note(self, account_id: str | int, text: str) -> Result:
        """Write a note on an account."""
        body = {"note": {"note": text}}
        path = self.item(account_id, "notes")
        return self.client.request("POST", path, body, envelope="note")


class AccountContacts(Crud):
    """{"account", "contact", "jobTitle"}; a contact has one account, a second one is
    Rejected with code field_invalid: delete or update the first."""

    path = "/accountContacts"
    envelope, collection = "accountContact", "accountContacts"
