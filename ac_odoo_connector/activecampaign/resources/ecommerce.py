# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-commerce by REST: stores, their customers, orders and carts; money in cents."""

from collections.abc import Iterator

from ..paging import walk
from .base import Crud


class Connections(Crud):
    """A store: {"service", "externalid", "name", "logoUrl", "linkUrl"}, all required."""

    path, envelope, collection = "/connections", "connection", "connections"


class EcomCustomers(Crud):
    """{"connectionid", "externalid", "email", "acceptsMarketing": "0" or "1"}."""

    path, envelope, collection = "/ecomCustomers", "ecomCustomer", "ecomCustomers"


class EcomOrders(Crud):
    """Orders (`externalid`) and carts (`externalcheckoutid` and `abandonedDate`).

    `source` 0 is history, 1 real time: only 1 starts automations.
    """

    path, envelope, collection = "/ecomOrders", "ecomOrder", "ecomOrders"

    def products(self, order_id: str | int) -> Iterator[dict]:
        """Yield the lines of an order."""
        path = self.item(order_id, "orderProducts")
        return walk(self.client, path, "ecomOrderProducts", {})
