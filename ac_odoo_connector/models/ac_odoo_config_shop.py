# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcOdooConfig(models.Model):
    """The shop of the account."""

    _inherit = "ac.odoo.config"

    ac_connection_id = fields.Char("Connection ID", readonly=True, copy=False)
