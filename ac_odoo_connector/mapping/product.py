# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Variant (`product.product`) → ActiveCampaign catalogue. Values only.

The payload is a `ProductInput` (REF products) without its connection, with "key".
"""

WATCHED = frozenset(
    {"active", "default_code", "barcode", "lst_price", "standard_price"}
)
"""Fields of `product.product` whose change means the product may have changed."""

TEMPLATE_WATCHED = frozenset(
    {
        "name",
        "active",
        "list_price",
        "description_sale",
        "categ_id",
        "default_code",
        "barcode",
        "company_id",
        "sale_ok",
        "image_1920",
        "currency_id",
    }
)
"""Fields of `product.template` whose change marks its variants."""


def to_ac(product, facts):
    """Return the payload of one variant.

    :param facts: `mapping.facts.SaleFacts`
    """
    return {"key": str(product.id)}


def identity(payload):
    """Return what tells products apart: the key of the variant."""
    return payload["key"]


def from_ac(_product):
    """ActiveCampaign changes no product."""
    return {}
