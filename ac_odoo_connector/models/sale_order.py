# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """The first confirmed order makes a lead a customer."""
        if vals.keys().isdisjoint({"state", "partner_id"}):
            return super().write(vals)
        before = self.sudo().partner_id
        result = super().write(vals)
        (before | self.sudo().partner_id)._ac_line()._ac_mark(["contact"])
        return result
