"""A user of Odoo who edits partners and sells, while everything goes wrong."""

from .chaos_ledger import Ledger
from .chaos_people import BOTH, ODOO, Busy, Person
from .demo_sales import QUIETLY
from .server import OdooServer

MANY = 30
"""Partners that are changed together: they go by import."""


class Office(Busy):
    """A user of one node; `number` is a figure that no other user has."""

    def __init__(
        self,
        number: int,
        seed: int,
        node: OdooServer,
        people: list[Person],
        products: list[int],
        ledger: Ledger,
    ):
        super().__init__(f"office {number}", seed)
        self.number = number
        self.call = node.call
        self.people = people
        self.products = products
        self.ledger = ledger
        self.done = 0
        self.quotations: list[int] = []
        self.sold: list[int] = []

    def deeds(self) -> dict:
        """Return what users do in Odoo."""
        return {
            "new partner": self.new_partner,
            "phone": self.edit_phone,
            "phone of many": self.edit_many,
            "name": self.edit_name,
            "e-mail": self.edit_email,
            "phone that both change": self.contest,
            "quotation": self.quote,
            "price": self.reprice,
            "order": self.confirm,
            "cancellation": self.cancel,
            "product": self.recode,
        }

    # ------------------------------------------------------------------- partners

    def new_partner(self) -> None:
        """Somebody new, who must be over there in the end."""
        email = f"new{self._next()}@example.com"
        values = {"name": "Nora New", "email": email, "phone": self._phone()}
        with self.ledger.promise([("made", email)], True):
            self.call("res.partner", "create", values)

    def edit_phone(self) -> None:
        """Another phone of somebody whose phone only Odoo changes."""
        self._edit([self._somebody("phone")], "phone", self._phone())

    def edit_many(self) -> None:
        """One phone for many, as a mass edit does."""
        theirs = [p for p in self.people if p.owner("phone") == ODOO]
        many = self.chance.sample(theirs, min(MANY, len(theirs)))
        self._edit(many, "phone", self._phone())

    def edit_name(self) -> None:
        """Another name."""
        self._edit([self._somebody("name")], "name", f"Olive Ours{self._next()}")

    def edit_email(self) -> None:
        """Another e-mail, by which the contact must not become two."""
        email = f"renamed{self._next()}@example.com"
        self._edit([self._somebody("email")], "email", email)

    def contest(self) -> None:
        """A phone that somebody changes over there as well: nothing is promised."""
        person = self._somebody("phone", BOTH)
        self.call("res.partner", "write", [person.partner], {"phone": self._phone()})

    def _edit(self, people: list[Person], unit: str, value: str) -> None:
        ids = [person.partner for person in people]
        with self.ledger.promise([(unit, id_) for id_ in ids], value):
            self.call("res.partner", "write", ids, {unit: value})

    def _somebody(self, unit: str, owner: str = ODOO) -> Person:
        return self.chance.choice([p for p in self.people if p.owner(unit) == owner])

    # ---------------------------------------------------------------------- sales

    def quote(self) -> None:
        """A quotation with a line or two."""
        values = {
            "partner_id": self.chance.choice(self.people).partner,
            "order_line": [
                (0, 0, self._line(product))
                for product in self.chance.sample(self.products, 2)
            ],
        }
        self.quotations.append(self.call("sale.order", "create", values))

    def _line(self, product: int) -> dict:
        return {
            "product_id": product,
            "product_uom_qty": self.chance.randint(1, 9),
            "price_unit": self.chance.randint(100, 99_999) / 100,
        }

    def reprice(self) -> None:
        """Another price in a quotation."""
        if not self.quotations:
            return self.quote()
        order = self.chance.choice(self.quotations)
        lines = self.call("sale.order.line", "search", [("order_id", "=", order)])
        price = {"price_unit": self.chance.randint(100, 99_999) / 100}
        self.call("sale.order.line", "write", lines[:1], price)

    def confirm(self) -> None:
        """A quotation is confirmed; who does not know whether it was lets it be."""
        if not self.quotations:
            return self.quote()
        order = self.quotations.pop(0)
        self.call("sale.order", "action_confirm", [order])
        self.sold.append(order)

    def cancel(self) -> None:
        """An order is cancelled."""
        if not self.sold:
            return self.confirm()
        order = self.sold.pop(0)
        self.call("sale.order", "action_cancel", [order], context=QUIETLY)

    def recode(self) -> None:
        """Another reference of a product."""
        product = self.chance.choice(self.products)
        code = {"default_code": f"C{self._next()}"}
        self.call("product.product", "write", [product], code)

    # -------------------------------------------------------------------- numbers

    def _next(self) -> str:
        """A number that nobody had before."""
        self.done += 1
        return f"{self.number}{self.done:05}"

    def _phone(self) -> str:
        return f"+1 555 {self._next()}"
