"""POST /ecom/graphql: orders and products, with AC's own types and limits."""

from functools import cache
from operator import ge, gt, le, lt
from pathlib import Path

from .. import catalogue
from ..account import number

MOST_TOKENS = 15_000
LARGEST_PAGE = 100


@cache
def schema():
    """The schema of `ecommerce.graphql` with its functions."""
    from graphql import build_schema  # takes a while, and most runs never need it

    built = build_schema(Path(__file__).with_name("ecommerce.graphql").read_text())
    for kind, table in (("Query", QUERIES), ("Mutation", MUTATIONS)):
        for name, function in table.items():
            built.type_map[kind].fields[name].resolve = resolver(function)
    built.type_map["BigDecimal"].parse_value = decimal
    return built


def decimal(value):
    """An amount as a float; texts are taken too, as GraphQL servers of this kind do."""
    return float(value)


def resolver(function):
    """`function(call, **arguments)` as a GraphQL resolver."""
    return lambda root, info, **arguments: function(info.context, **arguments)


def serve(call):
    """Run a query; errors come with status 200."""
    from graphql import GraphQLError, execute_sync, parse, validate

    body = call.body if isinstance(call.body, dict) else {}
    try:
        document = parse(str(body.get("query") or ""), max_tokens=MOST_TOKENS)
    except GraphQLError as error:
        return 200, {"errors": [{"message": error.message}]}
    errors = validate(schema(), document)
    if errors:
        return 200, {"errors": [{"message": error.message} for error in errors]}
    result = execute_sync(
        schema(), document, context_value=call, variable_values=body.get("variables")
    )
    answer = {"data": result.data}
    if result.errors:
        answer["errors"] = [shown_error(error) for error in result.errors]
    return 200, answer


def shown_error(error):
    """An error; broken rules are in its extensions."""
    original = error.original_error
    if isinstance(original, catalogue.Invalid):
        return {"message": str(original), "extensions": original.problems}
    return {"message": error.message}


# --------------------------------------------------------------------------- queries


def get_order(call, legacyConnectionId, storeOrderId):
    """One order by the shop's id."""
    key = f"{legacyConnectionId}|{storeOrderId}"
    return call.account["graphqlOrders"].lookup(key)


def search(plural):
    """A search in a table: all filters must hold."""

    def run(call, filter=None, pagination=None):
        rows = list(call.account[plural].values())
        for column, rule in (filter or {}).items():
            rows = narrowed(rows, column, rule)
        page = pagination or {}
        start = page.get("offset", 0)
        return rows[start : start + min(page.get("limit", 20), LARGEST_PAGE)]

    return run


def narrowed(rows, column, rule):
    """Rows that pass one filter, sorted when it says so."""
    if rule.get("value"):
        test = OPERATORS[rule.get("filterOperator") or "EQ"]
        rows = [
            row
            for row in rows
            if row.get(column) is not None and test(row[column], rule["value"])
        ]
    if rule.get("sort"):
        rows = sorted(
            rows, key=lambda row: row.get(column) or 0, reverse=rule["sort"] == "DESC"
        )
    return rows


def contains(value, wanted):
    """A text that holds the wanted one, whatever the case."""
    return str(wanted[0]).casefold() in str(value).casefold()


OPERATORS = {
    "EQ": lambda value, wanted: value == wanted[0],
    "IN": lambda value, wanted: value in wanted,
    "CONTAINS": contains,
    "LT": lambda value, wanted: lt(value, wanted[0]),
    "LTE": lambda value, wanted: le(value, wanted[0]),
    "GT": lambda value, wanted: gt(value, wanted[0]),
    "GTE": lambda value, wanted: ge(value, wanted[0]),
}


# ------------------------------------------------------------------------- mutations


def store_orders(call, orders):
    """Store orders with the latency of the copy to REST, unless one is refused."""
    catalogue.refuse(orders, "storeOrderId", call.options.refused_orders)
    return catalogue.upsert_orders(
        call.account, orders, call.sim.later, call.options.graphql_latency
    )


def store_order(call, order):
    """Store one order."""
    return store_orders(call, [order])[0]


def store_orders_async(call, orders):
    """Store orders; the answer has one id for the whole batch."""
    store_orders(call, orders)
    return {"recordId": call.account.guid()}


def change_product(call, id, product):
    """Change a product by id."""
    known = catalogue.product(call.account, id)
    if known:
        call.account.change("products", known, **product)
    return known


def delete_product(call, id):
    """Remove a product; False when there is none."""
    known = catalogue.product(call.account, number(id))
    if known:
        call.account.drop("products", known)
    return known is not None


QUERIES = {
    "getOrder": get_order,
    "searchOrder": search("graphqlOrders"),
    "productById": lambda call, id: catalogue.product(call.account, id),
    "searchProduct": search("products"),
}
MUTATIONS = {
    "upsertOrder": store_order,
    "bulkUpsertOrders": store_orders,
    "bulkUpsertOrdersAsync": store_orders_async,
    "createProduct": lambda call, product: catalogue.create_product(
        call.account, product
    ),
    "updateProduct": change_product,
    "deleteProduct": delete_product,
    "bulkUpsertProducts": lambda call, products: catalogue.upsert_products(
        call.account, products
    ),
}

ROUTES = [("POST", "/ecom/graphql", serve)]
