# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """A credit note that is posted, or taken back, is told with its order; an
        invoice after it makes good what was refunded."""
        result = super().write(vals)
        if "state" in vals:
            sales = self.filtered(
                lambda m: m.move_type in ("out_invoice", "out_refund")
            )
            orders = sales.sudo().line_ids.sale_line_ids.order_id
            if orders:
                orders._ac_known()._ac_mark(["order"])
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _ac_known(self):
        """Return the orders that an account has been told of, or will be: the refund of
        another one is no reason to tell it, as if it had just been made."""
        links = (
            self.env["ac.binding"]
            .sudo()
            .search([("object", "=", "order"), ("res_id", "in", self.ids)])
        )
        return self.browse(set(links.mapped("res_id")))
