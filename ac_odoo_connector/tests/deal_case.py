# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Orders that become deals of the simulated account."""

from ..engine import metadata
from .common import ConnectorCase


class DealCase(ConnectorCase):
    def setUp(self):
        super().setUp()
        self.make_pipeline()
        self.config.write(
            {
                "sync_deals": True,
                "order_domain": str([("partner_id", ">", self.last_partner_id)]),
            }
        )
        self.commit()

    def make_pipeline(self):
        """The stages that the shipped mapping names, in the first pipeline."""
        client = self.client()
        self.pipeline = str(next(client.pipelines.list())["id"])
        self.proposal = client.stages.create(
            {"title": "Proposal", "group": self.pipeline, "order": 4}
        ).id
        self.refresh("stage")
        self.set_currency(self.env.company.currency_id.name)

    def set_currency(self, code):
        """Let the pipeline have a currency."""
        self.client().pipelines.update(self.pipeline, {"currency": code.lower()})
        self.refresh("pipeline")
        self.simulator.forget_log()

    def refresh(self, *kinds):
        for kind in kinds:
            metadata.refresh_kind(self.config, self.client(), kind)
        self.commit()

    def partner(self, name="Ada", **values):
        email = f"{name.lower().replace(' ', '.')}@example.com"
        values = {"name": name, "email": email, **values}
        return self.env["res.partner"].create(values)

    def product(self, price=10):
        values = {"name": "Engine", "taxes_id": False, "list_price": price}
        return self.env["product.product"].create(values)

    def order(self, partner=None, price=50.0, quantity=2, **values):
        """Create and commit a quotation with one line."""
        partner = partner or self.partner()
        line = {
            "product_id": self.product(price).id,
            "product_uom_qty": quantity,
            "price_unit": price,
        }
        order = self.env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, line)], **values}
        )
        self.commit()
        return order

    def orders(self, count):
        """Create and commit quotations of one partner."""
        partner, product = self.partner(), self.product()
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": 10}
        orders = self.env["sale.order"].create(
            [
                {"partner_id": partner.id, "order_line": [(0, 0, line)]}
                for _number in range(count)
            ]
        )
        self.commit()
        return orders

    def forget(self, records):
        """Delete what the test has committed."""
        self.cr.rollback()
        records.unlink()
        self.commit()

    def link(self, order, config=None):
        """Return the link of an order's deal, freshly read."""
        self.commit()
        self.env.invalidate_all()
        return order.ac_binding_ids.filtered(
            lambda b: b.object == "deal" and b.config_id == (config or self.config)
        )

    def deals(self):
        """Return the deals over there, oldest first."""
        deals = self.simulator.state()["deals"].values()
        return sorted(deals, key=lambda deal: int(deal["id"]))

    def deal(self):
        """Return the only deal over there."""
        (deal,) = self.deals()
        return deal

    def fields_of(self, deal):
        """Return ``{label: value}`` of a deal's custom fields."""
        state = self.simulator.state()
        labels = {
            str(field["id"]): field["fieldLabel"]
            for field in state["dealCustomFieldMeta"].values()
        }
        return {
            labels[str(row["customFieldId"])]: row["fieldValue"]
            for row in state["dealCustomFieldData"].values()
            if str(row["dealId"]) == str(deal["id"])
        }

    def posted(self, path="/api/3/deals"):
        """Return how many POSTs a path has had."""
        writes = self.simulator.writes()
        return [w["path"] for w in writes if w["method"] == "POST"].count(path)
