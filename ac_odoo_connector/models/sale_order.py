# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

LINE_WATCHED = frozenset(
    {
        "product_id",
        "name",
        "product_uom_qty",
        "product_uom",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_id",
        "tax_ids",
        "display_type",
        "sequence",
        "order_id",
    }
)
"""Fields of `sale.order.line` whose change marks the order; taxes and units, which
change the price, are spelled in two ways by the two series."""


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "ac.sync.mixin"]

    _ac_objects = ("deal", "order")

    def write(self, vals):
        """The first confirmed order makes a lead a customer."""
        if vals.keys().isdisjoint({"state", "partner_id"}):
            return super().write(vals)
        before = self.sudo().partner_id
        result = super().write(vals)
        (before | self.sudo().partner_id)._ac_line()._ac_mark(["contact"])
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.order_id._ac_mark()
        return lines

    def write(self, vals):
        watched = LINE_WATCHED & vals.keys()
        before = self.order_id if "order_id" in watched else self.order_id.browse()
        result = super().write(vals)
        if watched:
            (before | self.order_id)._ac_mark()
        return result

    def unlink(self):
        self.order_id._ac_mark()
        return super().unlink()
