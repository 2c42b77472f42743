# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models


class Base(models.AbstractModel):
    """A form of ours computes for nobody what they may not read.

    Odoo computes before anything is saved and asks for no rights; what one field reads
    with all rights (a company) lies in the cache for the next, name and all.
    """

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        """:raise AccessError: the form, or a record named in it, is not theirs"""
        if self._name.startswith("ac."):
            self.check_access("read")
            for name, value in values.items():
                self._ac_check_named(self._fields.get(name), value)
        return super().onchange(values, field_names, fields_spec)

    def _ac_check_named(self, field, value):
        if field and field.type == "many2one" and isinstance(value, int) and value:
            self.env[field.comodel_name].browse(value).check_access("read")
