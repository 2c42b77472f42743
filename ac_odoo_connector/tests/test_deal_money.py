# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a deal is worth, in the currency of its pipeline."""

from odoo.tests import tagged

from .deal_case import DealCase

DAY = "2024-05-10"


@tagged("post_install", "-at_install")
class TestDealMoney(DealCase):
    def setUp(self):
        super().setUp()
        self.own = self.env.company.currency_id
        currencies = self.env["res.currency"].with_context(active_test=False)
        self.currencies = currencies.search([])
        self.addCleanup(self._forget_rates)

    def _forget_rates(self):
        self.env.cr.rollback()
        self.env["res.currency.rate"].search([("id", "in", self.rates)]).unlink()
        self.commit()

    rates = ()

    def rate(self, code, rate, day=DAY):
        currency = self.currencies.filtered(lambda c: c.name == code)
        made = self.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "name": day,
                "rate": rate,
                "company_id": self.env.company.id,
            }
        )
        self.rates = (*self.rates, made.id)
        self.commit()
        return currency

    def worth(self, pipeline, price, quantity=1, currency=None, day=DAY):
        """Return the value of the deal that an order becomes, None for no deal."""
        self.set_currency(pipeline)
        order = self.order(price=price, quantity=quantity, date_order=f"{day} 12:00:00")
        if currency:
            order.currency_id = currency
        self.perform("push")
        self.last_order = order
        link = self.link(order)
        deal = self.simulator.state()["deals"].get(str(link.remote_id))
        return deal and int(deal["value"])

    def odoo_says(self, code):
        order = self.last_order
        target = self.currencies.filtered(lambda c: c.name == code)
        return order.currency_id._convert(
            order.amount_untaxed, target, order.company_id, order.date_order.date()
        )

    def test_own_currency_needs_no_rate(self):
        self.assertEqual(self.worth(self.own.name, 19.99, 3), 5997)

    def test_the_rate_at_the_order_date_counts(self):
        self.rate("CHF", 0.9, "2024-05-01")
        self.rate("CHF", 0.8, "2024-05-09")
        self.rate("CHF", 0.7, "2024-05-11")
        self.assertEqual(self.worth("CHF", 100), 8000)
        self.assertEqual(self.odoo_says("CHF"), 80)

    def test_yen_have_no_decimals(self):
        self.rate("JPY", 163.47)
        self.assertEqual(self.worth("JPY", 10), 163500)
        self.assertEqual(self.odoo_says("JPY"), 1635)

    def test_dinars_have_three_decimals(self):
        """ActiveCampaign holds hundredths; the third decimal has no place there."""
        self.rate("KWD", 0.33456)
        self.assertEqual(self.worth("KWD", 10), 335)
        self.assertAlmostEqual(self.odoo_says("KWD"), 3.346)

    def test_an_order_in_another_currency(self):
        yen = self.rate("JPY", 160)
        self.rate("CHF", 0.9)
        self.assertEqual(self.worth("CHF", 8000, currency=yen), 4500)
        self.assertEqual(self.odoo_says("CHF"), 45)

    def test_without_a_rate_the_order_is_skipped(self):
        """Odoo's own rate would be 1, or that of a later day."""
        self.rate("KWD", 0.3, "2024-05-11")
        for code in ("KWD", "OMR"):
            self.assertIsNone(self.worth(code, 10))
            link = self.link(self.last_order)
            self.assertEqual((link.state, link.skip_reason), ("skipped", "no_rate"))
            self.assertIn(DAY, link.message)

    def test_a_rate_that_comes_later_helps(self):
        self.assertIsNone(self.worth("OMR", 10))
        self.rate("OMR", 0.5, "2024-05-12")
        self.assertEqual(self.link(self.last_order).state, "skipped")
        self.rate("OMR", 0.4)
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 400)

    def test_with_tax_by_option(self):
        tax = self.env["account.tax"].create(
            {"name": "Ten", "amount": 10, "amount_type": "percent"}
        )
        self.addCleanup(self.forget, tax)
        order = self.order(price=100, quantity=1)
        name = "tax_ids" if "tax_ids" in order.order_line._fields else "tax_id"
        order.order_line[name] = tax
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 10000)
        self.config.deal_with_tax = True
        order._ac_mark()
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 11000)
        order.order_line[name] = False
        self.commit()

    def test_headings_and_notes_are_worth_nothing(self):
        order = self.order(price=10, quantity=1)
        order.order_line = [
            (0, 0, {"display_type": "line_section", "name": "Section"}),
            (0, 0, {"display_type": "line_note", "name": "Note"}),
        ]
        self.perform("push")
        self.assertEqual(int(self.deal()["value"]), 1000)

    def test_less_than_nothing_is_not_sent(self):
        order = self.order(price=-10)
        self.perform("push")
        self.assertEqual(self.link(order).skip_reason, "negative")

    def test_totals_are_those_of_the_orders(self):
        orders = self.orders(20)
        for number, order in enumerate(orders):
            order.order_line.write({"price_unit": 0.335 * number, "discount": 7})
        self.perform("push")
        total = sum(int(deal["value"]) for deal in self.deals())
        self.assertEqual(total, round(100 * sum(orders.mapped("amount_untaxed"))))
