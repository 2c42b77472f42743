# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Variant (`product.product`) → ActiveCampaign catalogue. Values only.

The payload is a `ProductInput` (REF products) without its connection, under the names of
AC, with "key" for ``storePrimaryId``; prices in units, not cents. What has left the
catalogue is only `WITHDRAWN`: AC keeps the rest for the orders that name it.
"""

from dataclasses import dataclass, field

from . import text
from .facts import Facts
from .skip import Skip

NAME_LENGTH = 250
DESCRIPTION_LENGTH = 5000
LABEL_LENGTH = 100
"""Characters of a name, a description, and of a SKU, category or tag: limits of the
product, AC names none."""

WITHDRAWN = {"isDeleted": True, "isVisible": False}

WATCHED = frozenset(
    {
        "active",
        "default_code",
        "barcode",
        "lst_price",
        "standard_price",
        "image_1920",
        "image_variant_1920",
        "additional_product_tag_ids",
        "product_template_attribute_value_ids",
    }
)
"""Fields of `product.product` whose change means the product may have changed."""

TEMPLATE_WATCHED = frozenset(
    {
        "name",
        "active",
        "list_price",
        "description_sale",
        "description_ecommerce",
        "categ_id",
        "public_categ_ids",
        "product_tag_ids",
        "default_code",
        "barcode",
        "company_id",
        "sale_ok",
        "type",
        "is_storable",
        "allow_out_of_stock_order",
        "is_published",
        "website_published",
        "image_1920",
        "currency_id",
    }
)
"""Fields of `product.template` whose change marks its variants."""


@dataclass(frozen=True)
class Entry:
    """What the catalogue shows of one variant, in the account's language.

    `price` in units of `currency` ("EUR"); `stock` IN_STOCK, OUT_OF_STOCK, BACKORDER or
    None where nobody counts; `base_image` and `image` URLs, "" for none.
    """

    name: str
    variant: str
    description: str = ""
    url: str = ""
    base_url: str = ""
    image: str = ""
    base_image: str = ""
    price: float = 0.0
    currency: str = ""
    categories: tuple = ()
    tags: tuple = ()
    type: str = ""
    stock: str | None = None
    visible: bool = True


@dataclass(frozen=True)
class CatalogueFacts(Facts):
    """`entries` ``{product id: Entry}``; `withdrawn` ids of products that have left."""

    entries: dict = field(default_factory=dict)
    withdrawn: frozenset = frozenset()


def to_ac(product, facts):
    """Return the payload of one variant.

    :param facts: `CatalogueFacts`
    :raise Skip: nothing of its name can be seen
    """
    key = str(product.id)
    if product.id in facts.withdrawn:
        return {"key": key, **WITHDRAWN}
    entry = facts.entries[product.id]
    return {
        "key": key,
        **_base(product, entry),
        **_variant(product, entry),
        "categories": _labels(entry.categories),
        "tags": sorted(_labels(entry.tags)),
        "type": entry.type,
        "upc": text.clean(product.barcode, LABEL_LENGTH),
        "stockStatus": entry.stock,
        "isVisible": entry.visible,
        "isDeleted": False,
    }


def _base(product, entry):
    name = text.clean(entry.name, NAME_LENGTH)
    if not name:
        raise Skip("no_name")
    return {
        "storeBaseProductId": str(product.product_tmpl_id.id),
        "baseProductName": name,
        "baseProductDescription": text.clean(entry.description, DESCRIPTION_LENGTH),
        "baseProductUrl": entry.base_url,
        "baseProductImages": [entry.base_image] if entry.base_image else [],
    }


def _variant(product, entry):
    return {
        "variantSku": text.clean(product.default_code, LABEL_LENGTH),
        "variantName": text.clean(entry.variant, NAME_LENGTH),
        "variantUrl": entry.url,
        "variantImages": [entry.image] if entry.image else [],
        "variantPriceAmount": entry.price,
        "variantPriceCurrency": entry.currency,
    }


def _labels(names):
    """Return clean names, each once, in their order."""
    return list(
        dict.fromkeys(filter(None, (text.clean(n, LABEL_LENGTH) for n in names)))
    )


def as_input(payload, connection):
    """Spell a payload as a `ProductInput`; what is empty here is cleared there.

    :param connection: AC id of the shop's connection
    """
    values = {
        key: None if value in ("", []) else value
        for key, value in payload.items()
        if key != "key"
    }
    return {
        "legacyConnectionId": int(connection),
        "storePrimaryId": payload["key"],
        **values,
    }


def stock_status(counted, quantity, sells_without):
    """Return AC's word for what is on hand.

    :param counted: whether the product is kept in stock at all
    :param sells_without: whether it may be ordered when there is none
    """
    if not counted or quantity > 0:
        return "IN_STOCK"
    return "BACKORDER" if sells_without else "OUT_OF_STOCK"


def identity(payload):
    """Return what tells products apart: the key of the variant."""
    return payload["key"]


def from_ac(_product):
    """ActiveCampaign changes no product."""
    return {}
