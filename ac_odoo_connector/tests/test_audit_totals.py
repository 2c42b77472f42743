# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the deals of each pipeline are worth is what Odoo's orders are worth."""

from odoo.tests import tagged

from ..engine import audit_deals
from .audit_case import AuditCase
from .deal_case import DealCase


@tagged("post_install", "-at_install")
class TestAuditTotals(AuditCase, DealCase):
    """Quotations are in the first pipeline, those that were sent in another one."""

    def sums(self, run):
        return run.check_ids.filtered(lambda check: check.object == "deal")

    def sample_orders(self):
        """Orders in all states, with odd amounts; return those that were sent."""
        with self.client() as client:
            values = {"title": "Partners", "currency": self.currency.lower()}
            values |= {"allusers": "1", "autoassign": "1"}
            group = client.pipelines.create(values).id
            client.stages.create({"title": "Offer", "group": group, "order": 1})
        self.refresh("pipeline", "stage")
        row = {"order_state": "sent", "pipeline": "Partners", "stage": "Offer"}
        row |= {"config_id": self.config.id, "sequence": 1}
        self.env["ac.deal.stage.mapping"].create(row)
        ada = self.partner()
        orders = self.env["sale.order"]
        for n in range(12):
            orders |= self.order(ada, price=19.99 + n, quantity=1 + n % 5)
        sent, sold, cancelled = orders[1::4], orders[2::4], orders[3::4]
        sent.write({"state": "sent"})
        sold.action_confirm()
        cancelled._action_cancel()
        self.run_jobs()
        return sent

    @property
    def currency(self):
        return self.env.company.currency_id.name

    def totals_of_odoo(self):
        """Return ``{pipeline: (number, value)}`` of the open orders, as Odoo adds up."""
        groups = self.env["sale.order"]._read_group(
            [
                ("partner_id", ">", self.last_partner_id),
                ("state", "in", ("draft", "sent")),
            ],
            ["state"],
            ["__count", "amount_untaxed:sum"],
        )
        pipelines = {"draft": "Sales", "sent": "Partners"}
        return {pipelines[state]: (n, round(sum_, 2)) for state, n, sum_ in groups}

    def totals_over_there(self):
        """Return the same of the open deals, as ActiveCampaign's screens show them."""
        titles = {
            id_: g["title"] for id_, g in self.simulator.state()["dealGroups"].items()
        }
        found = {}
        for deal in self.deals():
            if str(deal["status"]) == "0":
                number, value = found.get(titles[str(deal["group"])], (0, 0))
                value = round(value + int(deal["value"]) / 100, 2)
                found[titles[str(deal["group"])]] = (number + 1, value)
        return found

    def totals_of(self, run, side):
        checks = self.sums(run)
        names = {check.label.partition(",")[0] for check in checks}
        return {
            name: tuple(
                checks.filtered(
                    lambda c, m=measure, n=name: (
                        c.measure == m and c.label.startswith(n)
                    )
                ).mapped(side)[0]
                for measure in ("count", "value")
            )
            for name in names
        }

    def test_totals_of_deals_are_totals_of_orders(self):
        self.sample_orders()
        run = self.audit()
        self.assertEqualSides(run)
        totals = self.totals_of_odoo()
        self.assertEqual(
            {name: number for name, (number, _) in totals.items()},
            {"Sales": 3, "Partners": 3},
        )
        self.assertEqual(self.totals_of(run, "here"), totals)
        self.assertEqual(self.totals_of(run, "there"), totals)
        self.assertEqual(self.totals_over_there(), totals)

    def test_totals_show_which_pipeline_differs(self):
        order = self.sample_orders()[1]
        self.act("deal_update", deal=self.link(order).remote_id, value=100)
        run = self.audit()
        totals = self.totals_of_odoo()
        self.assertEqual(self.totals_of(run, "here"), totals)
        self.assertEqual(self.totals_of(run, "there"), self.totals_over_there())
        (wrong,) = self.sums(run).filtered(lambda c: c.state == "different")
        self.assertEqual(
            (wrong.label, wrong.measure), (f"Partners, {self.currency}", "value")
        )
        self.assertEqual(wrong.difference, round(1 - order.amount_untaxed, 2))
        self.assertEqual(set(run.line_ids.mapped("record_name")), {order.display_name})
        self.assertEqual(set(run.line_ids.mapped("cause")), {"lost"})
        self.assertEqual(set(self.repair()), {"outbox"})
        self.assertEqual(self.totals_over_there(), totals)
        self.assertEqualSides(self.audit())

    def test_deals_that_are_not_looked_up_are_counted(self):
        self.patch(audit_deals, "LOOKED_UP", 1)
        self.config.audit_sample = 0
        for order in self.sample_orders():
            self.act("deal_update", deal=self.link(order).remote_id, status=1)
        run = self.audit()
        self.assertEqual(len(run.line_ids), 1)
        self.assertEqual((run.differences, run.unlisted), (3, 2))
