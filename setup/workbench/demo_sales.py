"""Products and orders of the demonstration."""

import time

from . import demo_sales_data as data
from .account import Account

SWITCHES = {"sync_deals": True, "sync_orders": True, "sync_products": True}
SENT, CANCELLED, CONFIRMED = (3, 7), (8,), (0, 1, 2, 4, 5, 9)
"""What becomes of an order, by the last figure of its number; the rest stay drafts."""
QUIETLY = {"disable_cancel_warning": True}


class Shop:
    """A shop inside a running Odoo whose orders become deals."""

    def __init__(self, account: Account):
        self.account = account
        self.call = account.server.call
        self.products: list[int] = []
        self.orders: list[int] = []

    def fill(self) -> str:
        """Make products and orders in all states; return what there is, in words."""
        self._make_products()
        buyers = self.call(
            "res.partner", "search", [("email", "=like", "person%")], order="id"
        )
        values = data.quotations(buyers, self.products, self._euro_pricelist())
        nobody = self.call("res.partner", "create", {"name": "Cash Customer"})
        values.append({**values[0], "partner_id": nobody})
        self.orders = self.call("sale.order", "create", values)
        self._move_orders()
        variants = len(self.products) + data.ARCHIVED
        return f"{len(self.orders)} orders of {variants} products"

    def confirm_quotation(self) -> float:
        """Confirm a quotation; return the seconds until its deal is won."""
        order, name = self._quotation()
        started = time.monotonic()
        self.call("sale.order", "action_confirm", [order])

        def is_won() -> bool:
            deals = self.account.simulator.control.state("deals")["deals"].values()
            return any(d["title"] == name and str(d["status"]) == "1" for d in deals)

        self.account.wait(f"the deal of {name} is won", is_won)
        return time.monotonic() - started

    def archive_product(self) -> float:
        """Archive a product; return the seconds until the catalogue hides it."""
        product = self.products[0]
        started = time.monotonic()
        self.call("product.product", "write", [product], {"active": False})

        def is_gone() -> bool:
            state = self.account.simulator.control.state("products")["products"]
            rows = [r for r in state.values() if r["storePrimaryId"] == str(product)]
            return all(r.get("isDeleted") or r.get("isVisible") is False for r in rows)

        self.account.wait("the product is out of the catalogue", is_gone)
        return time.monotonic() - started

    def _make_products(self) -> None:
        lines = [
            self._attribute("Size", data.SIZES),
            self._attribute("Colour", data.COLOURS),
        ]
        simple = self.call("product.product", "create", data.simple_products())
        templates = self.call("product.template", "create", data.garments(lines))
        variants = [("product_tmpl_id", "in", templates)]
        self.products = simple[: data.SIMPLE]
        self.products += self.call("product.product", "search", variants)

    def _attribute(self, name: str, values: list[str]) -> tuple:
        """Make an attribute; return the command that gives a product all its values."""
        attribute = self.call("product.attribute", "create", {"name": name})
        rows = [{"name": each, "attribute_id": attribute} for each in values]
        ids = self.call("product.attribute.value", "create", rows)
        return (0, 0, {"attribute_id": attribute, "value_ids": [(6, 0, ids)]})

    def _euro_pricelist(self) -> int:
        """Make a pricelist in euros, whose rate has changed lately."""
        (euro,) = self.call(
            "res.currency",
            "search",
            [("name", "=", "EUR")],
            context={"active_test": False},
        )
        self.call("res.currency", "write", [euro], {"active": True})
        rates = [
            {"currency_id": euro, "name": str(day), "rate": rate}
            for day, rate in data.RATES.items()
        ]
        self.call("res.currency.rate", "create", rates)
        values = {"name": "Euro", "currency_id": euro}
        return self.call("product.pricelist", "create", values)

    def _move_orders(self) -> None:
        """Most are confirmed, some of them long ago; some sent, some cancelled."""
        places = list(enumerate(self.orders))
        sent = [id_ for n, id_ in places if n % 10 in SENT]
        cancelled = [id_ for n, id_ in places if n % 10 in CANCELLED]
        confirmed = [id_ for n, id_ in places if n % 10 in CONFIRMED]
        old = [id_ for n, id_ in places if n % 20 == 4]
        self.call("sale.order", "write", sent, {"state": "sent"})
        self.call("sale.order", "action_cancel", cancelled, context=QUIETLY)
        self.call("sale.order", "action_confirm", confirmed)
        self.call("sale.order", "write", old, {"date_order": data.OLD_ORDER})
        returned = confirmed[::12]
        self.call("sale.order", "action_cancel", returned, context=QUIETLY)

    def _quotation(self) -> tuple[int, str]:
        domain = [("id", "in", self.orders), ("state", "=", "draft")]
        (order,) = self.call("sale.order", "search_read", domain, ["name"], limit=1)
        return order["id"], order["name"]
