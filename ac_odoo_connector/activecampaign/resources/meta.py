# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Custom fields and their values of accounts and deals: one shape, two prefixes."""

from collections.abc import Sequence

from ..result import Result
from .base import Crud


class FieldData(Crud):
    def bulk_create(self, values: Sequence[dict]) -> Result:
        """Set values of records that have none yet; a bare array without envelope."""
        return self.client.request("POST", f"{self.path}/bulkCreate", list(values))

    def bulk_update(self, values: Sequence[dict]) -> Result:
        """Change values: [{"id", "fieldValue"}], by the id of the value."""
        return self.client.request(
            "PATCH", f"{self.path}/bulkUpdate", list(values), idempotent=True
        )


class AccountFields(Crud):
    """{"fieldLabel", "fieldType", "fieldOptions", …}; currency values are cents."""

    path = "/accountCustomFieldMeta"
    envelope, collection = "accountCustomFieldMetum", "accountCustomFieldMeta"


class AccountFieldData(FieldData):
    """{"accountId", "customFieldId", "fieldValue"[, "fieldCurrency"]}."""

    path = "/accountCustomFieldData"
    envelope, collection = "accountCustomFieldDatum", "accountCustomFieldData"


class DealFields(Crud):
    """{"fieldLabel", "fieldType", "fieldOptions", …}; currency values are cents."""

    path = "/dealCustomFieldMeta"
    envelope, collection = "dealCustomFieldMetum", "dealCustomFieldMeta"


class DealFieldData(FieldData):
    """{"dealId", "customFieldId", "fieldValue"[, "fieldCurrency"]}."""

    path = "/dealCustomFieldData"
    envelope, collection = "dealCustomFieldDatum", "dealCustomFieldData"
