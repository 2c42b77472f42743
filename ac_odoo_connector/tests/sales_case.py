# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders of people who are contacts over there, and what they are invoiced."""

from .common import ConnectorCase


class SalesCase(ConnectorCase):
    """An account whose orders are e-commerce orders; `self.order()` makes some."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._clean_invoices)
        self.config.write({"sync_orders": True})
        self.product = self.env["product.product"].create(
            {
                "name": "Hammer",
                "default_code": "H-1",
                "list_price": 10,
                "taxes_id": False,
            }
        )
        self.ada = self.make_partners({"name": "Ada Love", "email": "ada@example.com"})

    def order(self, *lines, partner=None, confirm=True, **values):
        """Create and commit an order; a line is a dict of values."""
        lines = lines or ({"product_uom_qty": 2, "price_unit": 10},)
        rows = [self.line(**line) for line in lines]
        order = self.env["sale.order"].create(
            {"partner_id": (partner or self.ada).id, "order_line": rows, **values}
        )
        if confirm:
            order.action_confirm()
        self.commit()
        return order

    def line(self, **values):
        return (0, 0, {"product_id": self.product.id, **values})

    def link(self, record):
        """Return the link of the record's e-commerce order, freshly read."""
        return self.binding(record).filtered(lambda b: b.object == "order")

    def state(self):
        self.commit()
        return self.simulator.state()

    def over_there(self):
        """Return ``{order id as text: order}`` as GraphQL knows them."""
        return {o["storeOrderId"]: o for o in self.state()["graphqlOrders"].values()}

    def by_rest(self):
        """Return the orders and carts as REST knows them."""
        return list(self.state()["ecomOrders"].values())

    def started(self):
        """Return how many automations were entered."""
        return len(self.state()["contactAutomations"])

    def sent_orders(self):
        """Return the requests that carried orders."""
        return [each for each in self.simulator.writes() if "ecom" in each["path"]]

    # Invoices ----------------------------------------------------------------------

    def invoice(self, order):
        """Return the posted invoice of an order."""
        self._books()
        invoice = order._create_invoices()
        invoice.action_post()
        self.commit()
        return invoice

    def credit(self, invoice, quantity=None):
        """Return the posted credit note of an invoice, or of a part of its quantity."""
        note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        if quantity:
            note.invoice_line_ids.quantity = quantity
        note.action_post()
        self.commit()
        return note

    def _books(self):
        """An account and a journal, where nobody has installed a chart of accounts."""
        income = self._account("income", "Test Sales")
        owed = self._account("asset_receivable", "Test Receivable")
        self.ada.property_account_receivable_id = owed
        self.product.property_account_income_id = income
        journals = self.env["account.journal"]
        if not journals.search([("type", "=", "sale")], limit=1):
            values = {"name": "Test Sales", "code": "TSJ", "type": "sale"}
            journals.create({**values, "default_account_id": income.id})

    def _account(self, kind, name):
        accounts = self.env["account.account"]
        found = accounts.search([("account_type", "=", kind)], limit=1)
        code = f"9{len(kind)}0000"
        return found or accounts.create(
            {"name": name, "code": code, "account_type": kind}
        )

    def _clean_invoices(self):
        self.cr.rollback()
        moves = self.env["account.move"].search(
            [("partner_id", ">", self.last_partner_id)]
        )
        moves.filtered(lambda m: m.state == "posted").button_draft()
        moves.with_context(force_delete=True).unlink()
        self.commit()
