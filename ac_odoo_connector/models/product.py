# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models

from ..mapping.product import TEMPLATE_WATCHED


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "ac.sync.mixin"]

    _ac_objects = ("product",)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """What a template says concerns all its variants."""
        result = super().write(vals)
        if TEMPLATE_WATCHED & vals.keys():
            self.with_context(active_test=False).product_variant_ids._ac_mark()
        return result

    def unlink(self):
        """The database deletes the variants of a template, past their own method."""
        self.with_context(active_test=False).product_variant_ids._ac_detach()
        return super().unlink()
