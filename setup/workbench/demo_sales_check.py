"""Compares the products and orders of Odoo with those of the simulated account."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .server import OdooServer

ORDER = ["name", "state", "partner_id", "amount_untaxed", "amount_total"]
ORDER += ["currency_id", "date_order"]
PRODUCT = ["default_code", "lst_price", "active"]
OPEN, WON, LOST = "open", "won", "lost"
STATUS = {"draft": OPEN, "sent": OPEN, "sale": WON, "cancel": LOST}
STATUS_THERE = {"0": OPEN, "1": WON, "2": LOST}
ORDER_STATUS = {"sale": "COMPLETED", "cancel": "CANCELLED"}
PIPELINE_CURRENCY = "USD"
Rows = dict[str, tuple]


class SalesSides:
    """Deals, e-commerce orders and products of both sides: `{AC's key: values}`."""

    def __init__(self, server: OdooServer, state: dict[str, Any], links: list[dict]):
        self.rates = _rates(server)
        self.orders = _read(server, "sale.order", ORDER)
        self.variants = _read(server, "product.product", PRODUCT)
        self.synced: dict[str, list[dict]] = defaultdict(list)
        self.skipped: dict[str, set[int]] = defaultdict(set)
        for link in links:
            if link["state"] == "synced":
                self.synced[link["object"]].append(link)
            elif link["skip_reason"] in ("no_contact", "not_confirmed"):
                self.skipped[link["object"]].add(link["res_id"])
        self.here = {
            "deal": self._deals_here(),
            "order": self._orders_here(),
            "product": self._products_here(),
        }
        self.there = {
            "deal": _deals_there(state),
            "order": _orders_there(state),
            "product": _products_there(state),
        }

    def differences(self) -> list[str]:
        """What is not the same on the two sides, one line each."""
        found = []
        for name, here in self.here.items():
            there = self.there[name]
            if len(here) != len(self.synced[name]):
                found.append(f"Odoo: two records are linked with one {name}")
            found += [
                f"{name} {key}: {here.get(key)} here and {there.get(key)} there"
                for key in here.keys() | there.keys()
                if here.get(key) != there.get(key)
            ]
        return found + self._missing()

    def totals(self) -> list[tuple[str, str, str]]:
        """What to show: (label, Odoo's side, ActiveCampaign's side)."""
        rows = []
        for name, label in (("deal", "deals"), ("order", "e-commerce orders")):
            here, there = (_sums(side[name]) for side in (self.here, self.there))
            rows += [
                (f"{label} {kind}", _words(here[kind]), _words(there[kind]))
                for kind in sorted(here.keys() | there.keys())
            ]
        counts = (_visible(side["product"]) for side in (self.here, self.there))
        return [*rows, ("products in the catalogue", *map(str, counts))]

    def _missing(self) -> list[str]:
        """Every order is there, or skipped for a reason that may be."""
        known = {
            name: self.skipped[name] | {link["res_id"] for link in self.synced[name]}
            for name in ("deal", "order")
        }
        return [
            f"{order['name']}: no {name} in ActiveCampaign"
            for name, ids in known.items()
            for id_, order in self.orders.items()
            if id_ not in ids
        ]

    def _deals_here(self) -> Rows:
        rows = {}
        for link in self.synced["deal"]:
            order = self.orders[link["res_id"]]
            kind, cents = STATUS[order["state"]], self._cents(order)
            rows[link["remote_id"]] = (kind, cents, order["name"])
        return rows

    def _orders_here(self) -> Rows:
        rows = {}
        for link in self.synced["order"]:
            order = self.orders[link["res_id"]]
            currency = order["currency_id"][1]
            kind = f"{ORDER_STATUS[order['state']].lower()}, {currency}"
            cents = _hundredths(Decimal(str(order["amount_total"])))
            rows[str(link["res_id"])] = (kind, cents, order["name"])
        return rows

    def _products_here(self) -> Rows:
        rows = {}
        for link in self.synced["product"]:
            variant = self.variants[link["res_id"]]
            price = _hundredths(Decimal(str(variant["lst_price"])))
            code = variant["default_code"] or ""
            rows[str(link["res_id"])] = (variant["active"], price, code)
        return rows

    def _cents(self, order: dict) -> int:
        """The untaxed amount in the pipeline's currency, at the rate of the order's day."""
        day, currency = order["date_order"][:10], order["currency_id"][1]
        amount = Decimal(str(order["amount_untaxed"]))
        rate = self._rate(PIPELINE_CURRENCY, day) / self._rate(currency, day)
        return _hundredths(amount * rate)

    def _rate(self, currency: str, day: str) -> Decimal:
        known = [(since, rate) for since, rate in self.rates[currency] if since <= day]
        return max(known)[1] if known else Decimal(1)


def _deals_there(state: dict) -> Rows:
    return {
        id_: (STATUS_THERE[str(d["status"])], int(d["value"]), d["title"])
        for id_, d in state["deals"].items()
    }


def _orders_there(state: dict) -> Rows:
    rows = {}
    for order in state["graphqlOrders"].values():
        kind = f"{order['normalizedStatus'].lower()}, {order['currency'].upper()}"
        cents = _hundredths(Decimal(str(order["finalAmount"])))
        rows[order["storeOrderId"]] = (kind, cents, order["orderNumber"])
    return rows


def _products_there(state: dict) -> Rows:
    rows = {}
    for row in state["products"].values():
        shown = not row.get("isDeleted") and row.get("isVisible") is not False
        price = _hundredths(Decimal(str(row.get("variantPriceAmount") or 0)))
        rows[row["storePrimaryId"]] = (shown, price, row.get("variantSku") or "")
    return rows


def _hundredths(amount: Decimal) -> int:
    return int((100 * amount).quantize(Decimal(1), ROUND_HALF_UP))


def _sums(rows: Rows) -> dict[str, tuple[int, int]]:
    """How many of each kind, and their cents."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for kind, cents, _name in rows.values():
        count, total = sums[kind]
        sums[kind] = (count + 1, total + cents)
    return sums


def _words(count_and_cents: tuple[int, int]) -> str:
    count, cents = count_and_cents
    return f"{count}: {cents / 100:,.2f}"


def _visible(rows: Rows) -> int:
    return sum(row[0] for row in rows.values())


def _rates(server: OdooServer) -> dict[str, list[tuple[str, Decimal]]]:
    rates: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    fields = ["currency_id", "name", "rate"]
    for row in server.call("res.currency.rate", "search_read", [], fields):
        rate = Decimal(str(row["rate"])).quantize(Decimal("1.000000"))
        rates[row["currency_id"][1]].append((row["name"], rate))
    return rates


def _read(server: OdooServer, model: str, fields: list[str]) -> dict[int, dict]:
    """All records of `model`, archived ones too, by id."""
    context = {"active_test": False}
    rows = server.call(model, "search_read", [], fields, context=context)
    return {row["id"]: row for row in rows}
