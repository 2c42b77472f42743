# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""E-commerce by GraphQL: bulk orders and the product catalogue; money in units."""

import json
from collections.abc import Sequence

from ..errors import Rejected, code_of, rows_of, text_of
from ..result import Result
from .base import Resource

# A non-null list of non-null items fits every declaration of the argument.
ORDERS = """mutation($orders: [OrderInput!]!) {
  bulkUpsertOrdersAsync(orders: $orders) { recordId }
}"""
PRODUCTS = """mutation($products: [ProductInput!]!) {
  bulkUpsertProducts(products: $products) { id storePrimaryId }
}"""

# The argument's values are spelled out: nobody documents the names of its types.
SEARCH = """query {
  %s(
    filter: {
      legacyConnectionId: {value: %s, filterOperator: EQ}
      %s: {value: %s, filterOperator: IN}
    }
    pagination: {offset: 0, limit: 100}
  ) { %s }
}"""


class GraphQL(Resource):
    path = "/ecom/graphql"

    def bulk_upsert_orders(self, orders: Sequence[dict]) -> Result:
        """Create or update orders by (legacyConnectionId, storeOrderId).

        Each needs both, `storeCreatedDate` and `finalAmount` in units, not cents
        (REF orders-1). Orders appear in the REST API some seconds later.
        `data["data"]["bulkUpsertOrdersAsync"]` is {"recordId"} of the whole batch.

        :raises Rejected: `rows` has (key with the order's id, reason)
        """
        return self.query(ORDERS, {"orders": list(orders)}, idempotent=True)

    def bulk_upsert_products(self, products: Sequence[dict]) -> Result:
        """Create or change products by (legacyConnectionId, storePrimaryId).

        Keys left out are kept, None clears (REF products).
        `data["data"]["bulkUpsertProducts"]` has [{"id", "storePrimaryId"}].

        :raises Rejected: `rows` has (key with the product's id, reason)
        """
        return self.query(PRODUCTS, {"products": list(products)}, idempotent=True)

    def products(
        self,
        connection: str,
        keys: Sequence[str],
        fields: Sequence[str] = ("id", "storePrimaryId", "isDeleted"),
    ) -> list[dict]:
        """Return up to 100 products by their own keys (REF:searches); those that are
        not there are left out."""
        return self._search("searchProduct", connection, "storePrimaryId", keys, fields)

    def orders(
        self, connection: str, keys: Sequence[str], fields: Sequence[str]
    ) -> list[dict]:
        """Return up to 100 orders by their own keys (REF:searches); those that are not
        there are left out, and carts and orders made by REST are not known."""
        return self._search("searchOrder", connection, "storeOrderId", keys, fields)

    def _search(self, query, connection, key, keys, fields):
        wanted = json.dumps([str(each) for each in keys])
        text = SEARCH % (query, int(connection), key, wanted, " ".join(fields))
        found = (self.query(text).data.get("data") or {}).get(query)
        return [row for row in found or () if row]

    def query(
        self, text: str, variables: dict | None = None, idempotent: bool | None = None
    ) -> Result:
        """Run a GraphQL query or mutation; the answer is in `data["data"]`.

        :param idempotent: by default true for queries and false for mutations
        :raises Rejected: GraphQL answers errors with status 200
        """
        if idempotent is None:
            idempotent = not text.lstrip().startswith("mutation")
        body = {"query": text}
        if variables:
            body["variables"] = variables
        result = self.client.request("POST", self.path, body, idempotent=idempotent)
        if result.data.get("errors"):
            raise Rejected(
                text_of(result.data),
                status=result.status,
                code=code_of(result.data),
                method="POST",
                path=self.path,
                rows=rows_of(result.data),
            )
        return result
