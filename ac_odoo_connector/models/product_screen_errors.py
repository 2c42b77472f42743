# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcProductScreen(models.AbstractModel):
    _inherit = "ac.product.screen"

    ac_error_count = fields.Integer(
        "ActiveCampaign Errors",
        compute="_compute_ac_error_count",
        groups="ac_odoo_connector.group_operator",
    )

    def _compute_ac_error_count(self):
        links = self.ac_link_ids.ids
        counts = self.env["ac.error.log"]._count_unsolved("binding_id", links)
        for record in self:
            record.ac_error_count = sum(
                counts.get(i, 0) for i in record.ac_link_ids.ids
            )

    def action_ac_errors(self):
        """Open what went wrong with the product or its variants."""
        self.ensure_one()
        links = self.ac_link_ids.ids
        return self.env["ac.error.log"]._opened([("binding_id", "in", links)])
