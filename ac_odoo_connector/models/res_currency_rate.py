# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        """Orders that had no rate at their date are looked at again."""
        rates = super().create(vals_list)
        rates._ac_mark_orders()
        return rates

    def _ac_mark_orders(self):
        """Mark the skipped orders that a rate of these days may help: two queries."""
        skipped = (
            self.env["ac.binding"].sudo().search([("skip_reason", "=", "no_rate")])
        )
        if not (self and skipped):
            return
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("id", "in", skipped.mapped("res_id")),
                    ("date_order", ">=", min(self.mapped("name"))),
                ]
            )
        )
        orders._ac_mark(["deal"])
