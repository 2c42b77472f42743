"""Scenarios about orders and products: deals go alone, the rest by the hundred."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

from . import bench_contacts, bench_write, sales
from .account import Account
from .bench_contacts import MB, PER_SECOND
from .bench_write import CONNECT
from .prepare import Workbench

BUYERS, DEALS = 1_000, 1_000
FEW, MANY = 1_000, 10_000
TOGETHER = 100  # orders or products in one request (AC names no limit but of tokens)
SIZES, COLOURS = 10, 5
FEW_TEMPLATES, MANY_TEMPLATES = 20, 400

DEALS_HERE = """
SELECT o.name, round(o.amount_untaxed * 100)::bigint, lower(c.name), '1', p.email
FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
    JOIN res_currency c ON c.id = o.currency_id
"""
ORDERS_HERE = """
SELECT o.name, round(o.amount_total * 100)::bigint, c.name, 'COMPLETED', p.email,
    (SELECT count(*) FROM sale_order_line l WHERE l.order_id = o.id)
FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
    JOIN res_currency c ON c.id = o.currency_id
"""
VARIANTS_HERE = """
SELECT v.id::text, COALESCE(v.default_code, ''), t.list_price::numeric
FROM product_product v JOIN product_template t ON t.id = v.product_tmpl_id
WHERE v.active AND t.active AND t.sale_ok
"""
QUOTATIONS = """
products = env["product.product"].create(
    [{"name": f"Product {n}", "taxes_id": [(6, 0, [])]} for n in range(3)]
)
people = env["res.partner"].create(
    [{"name": f"Person {n}", "email": f"person{n}@example.com"} for n in range(135)]
)
lines = [(0, 0, {"product_id": each.id, "price_unit": 5}) for each in products]
records = env["sale.order"].create(
    [{"partner_id": person.id, "order_line": lines} for person in people]
)
"""
CONFIRM = "record.action_confirm()"
SWITCH_ON = """
env["ac.odoo.config"].search([]).write({"sync_deals": True, "sync_orders": True})
env.cr.commit()
"""


def deals(bench: Workbench) -> dict[str, float]:
    """1,000 confirmed orders of linked contacts become deals, one by one."""
    with _linked(bench, DEALS) as account:
        account.write({"sync_deals": True})
        load = _load(account, account.start_orders, DEALS, together=1)
        entries = account.simulator.control.log()["entries"]
        # Until the last answer: what the run's own end takes is not AC's time.
        seconds = entries[-1]["t"] - load.pop("started")
        rate = len(entries) / seconds
        return {
            "deals_per_minute": DEALS / seconds * 60,
            "requests_per_second": rate,
            "requests_per_second_ratio": rate / PER_SECOND,
            "requests_per_deal": len(entries) / DEALS,
            **load,
            "wrong": _wrong_deals(account),
        }


def orders(bench: Workbench) -> dict[str, float]:
    """10,000 confirmed orders with three lines through GraphQL."""
    few = _orders(bench, FEW)
    return _with_growth(few, _orders(bench, MANY), "orders", MANY)


def _orders(bench: Workbench, count: int) -> dict[str, float]:
    with _linked(bench, count) as account:
        account.write({"sync_orders": True})
        load = _load(account, account.start_orders, count)
        return {**load, "wrong": _wrong_orders(account)}


def products(bench: Workbench) -> dict[str, float]:
    """20,000 variants of 400 products become a catalogue."""
    few = _products(bench, FEW_TEMPLATES)
    many = _products(bench, MANY_TEMPLATES)
    return _with_growth(few, many, "products", MANY_TEMPLATES * SIZES * COLOURS)


def _products(bench: Workbench, templates: int) -> dict[str, float]:
    def stock_up(account: Account) -> None:
        sales.fill_catalogue(account, templates, SIZES, COLOURS)

    with bench_contacts.connected(bench, 1, stock_up) as account:
        account.write({"sync_products": True})
        count = templates * SIZES * COLOURS
        load = _load(account, partial(account.start_run, "action_sync_products"), count)
        return {**load, "wrong": _wrong_products(account)}


def confirmation(bench: Workbench) -> dict[str, float]:
    """Confirming an order and committing, with the addon at work and without it."""
    connect = CONNECT + SWITCH_ON
    return bench_write.compared(bench, QUOTATIONS, CONFIRM, connect)


@contextmanager
def _linked(bench: Workbench, count: int) -> Iterator[Account]:
    """An account with so many confirmed orders, whose buyers are contacts already."""

    def sell(account: Account) -> None:
        sales.fill_orders(account, count)

    with bench_contacts.connected(bench, BUYERS, sell) as account:
        account.finish(account.start_run())
        yield account


def _load(
    account: Account, start: Callable[[], int], count: int, together: int = TOGETHER
) -> dict[str, float]:
    """Start a run of so many records, of which AC takes some together in one request;
    what it took until its end."""
    bench_contacts.wait_until_idle(account)
    account.simulator.control.clear_log()
    queries, memory = bench_contacts.job_queries(account), [account.server.memory()]
    began, started = time.monotonic(), time.time()
    account.finish(
        start(),
        seconds=1800,
        show=lambda run: memory.append(account.server.memory()),
    )
    seconds = time.monotonic() - began
    log = account.simulator.control.log()
    return {
        "started": started,
        "seconds": seconds,
        "per_minute": count / seconds * 60,
        "requests": len(log["entries"]),
        "requests_ratio": len(log["entries"]) / math.ceil(count / together),
        "max_requests_in_a_second": log["max_per_second_seen"],
        "refused_requests": log["statuses"].get("429", 0),
        "queries_per_100_records": (bench_contacts.job_queries(account) - queries)
        / count
        * 100,
        "peak_memory_mb": max(memory) / MB,
    }


def _with_growth(few: dict, many: dict, name: str, count: int) -> dict[str, float]:
    """The metrics of the large load beside the memory it took more than the small one."""
    growth = many["peak_memory_mb"] - few["peak_memory_mb"]
    kept = {key: value for key, value in many.items() if key != "started"}
    pace = kept.pop("per_minute")
    return {name: count, f"{name}_per_minute": pace, **kept, "memory_growth_mb": growth}


def _wrong_deals(account: Account) -> int:
    state = account.simulator.control.state("deals", "contacts")
    emails = {id_: contact["email"] for id_, contact in state["contacts"].items()}
    there = [
        (
            deal["title"],
            int(deal["value"]),
            deal["currency"],
            str(deal["status"]),
            emails[str(deal["contact"])],
        )
        for deal in state["deals"].values()
    ]
    return _odd(account.sql(DEALS_HERE), there)


def _wrong_orders(account: Account) -> int:
    state = account.simulator.control.state("graphqlOrders")
    there = [
        (
            order["orderNumber"],
            round(100 * order["finalAmount"]),
            order["currency"].upper(),
            order["normalizedStatus"],
            order["email"],
            len(order["lineItems"]),
        )
        for order in state["graphqlOrders"].values()
    ]
    return _odd(account.sql(ORDERS_HERE), there)


def _wrong_products(account: Account) -> int:
    state = account.simulator.control.state("products")
    there = [
        (
            product["storePrimaryId"],
            product.get("variantSku") or "",
            Decimal(str(product["variantPriceAmount"])),
        )
        for product in state["products"].values()
    ]
    return _odd(account.sql(VARIANTS_HERE), there)


def _odd(here: list[tuple], there: list[tuple]) -> int:
    """Count what only one side has, and what one side has twice."""
    twice = len(there) - len(set(there))
    return len(set(here) ^ set(there)) + twice
