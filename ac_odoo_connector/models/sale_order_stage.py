# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models


class SaleOrder(models.Model):
    """An order that moves may bring its customer a tag, or take it away."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._ac_mark_tagged()
        return orders

    def write(self, vals):
        if not self.env["ac.field.mapping"]._watched_for_tags() & vals.keys():
            return super().write(vals)
        self._ac_mark_tagged()
        result = super().write(vals)
        self._ac_mark_tagged()
        return result

    def unlink(self):
        self._ac_mark_tagged()
        return super().unlink()

    def _ac_mark_tagged(self):
        if self.env["ac.field.mapping"]._watched_for_tags():
            self.sudo().partner_id._ac_mark(["contact"])
