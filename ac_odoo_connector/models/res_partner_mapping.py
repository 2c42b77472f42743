# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def apply_field_mapping(self, config=None, object_name="contact"):
        """Return the mapped custom fields of one partner as the API takes them.

        See `ac.field.mapping`'s method of that name.
        """
        return self.env["ac.field.mapping"].apply_field_mapping(
            self, config, object_name
        )
