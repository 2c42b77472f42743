# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

OF_ORDERS = ("deal", "order")


class SaleOrder(models.Model):
    """An order's deal and e-commerce order, and the buttons for them."""

    # pylint: disable-next=consider-merging-classes-inherited
    _name = "sale.order"
    _inherit = ["sale.order", "ac.sync.screen"]

    ac_deal_stage = fields.Char(
        string="Deal Stage",
        compute="_compute_ac_deal",
        groups="ac_odoo_connector.group_user",
    )
    ac_deal_value = fields.Char(
        string="Deal Value",
        compute="_compute_ac_deal",
        groups="ac_odoo_connector.group_user",
        help="As ActiveCampaign holds it, in the currency of the pipeline.",
    )
    ac_is_sent = fields.Boolean(
        compute="_compute_ac_is_sent", groups="ac_odoo_connector.group_user"
    )

    @api.depends("ac_binding_ids.sent", "ac_binding_ids.remote_id")
    def _compute_ac_deal(self):
        self.ac_binding_ids.fetch(["object", "sent", "remote_id", "config_id"])
        for order in self:
            deal = order.ac_binding_ids.filtered(lambda b: b.object == "deal")[:1]
            order.ac_deal_stage = deal.told_stage
            order.ac_deal_value = deal.told_amount

    @api.depends("ac_binding_ids.remote_id")
    def _compute_ac_is_sent(self):
        for order in self:
            order.ac_is_sent = any(order.ac_binding_ids.mapped("remote_id"))

    def action_ac_send_as_new(self):
        """Send the orders once more, as if they had just been made: automations may
        start. Those that are there already are brought up to date."""
        return self._ac_send_as("new")

    def action_ac_send_as_history(self):
        """Send the orders once more as historical: no automation starts."""
        return self._ac_send_as("history")

    def _ac_send_as(self, origin):
        """:raise AccessError: the user may look, but not set things in motion"""
        self.env["ac.odoo.config"]._check_operator()
        self.check_access("read")
        self._ac_mark(OF_ORDERS)
        self._ac_write_marks()  # an order that nobody has sent yet has a link now
        links = self.env["ac.binding"].sudo()._of(self)
        links._forget_told(origin)
        return self.env["ac.binding"]._notify_marked(len(self))


class AcBinding(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.binding"

    def _forget_told(self, origin):
        """Have the records sent whole, whatever ActiveCampaign was told before.

        :param origin: "new" or "history"
        """
        for link in self:
            told = {k: v for k, v in (link.sent or {}).items() if k != "core"}
            link.write({"origin": origin, "fingerprint": False, "sent": told})


class AcOdooConfig(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.odoo.config"

    def _synchronises(self, records):
        """Return whether the account wants records of this model at all."""
        self.ensure_one()
        return any(row.model == records._name for row in self._objects())
