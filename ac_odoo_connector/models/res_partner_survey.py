# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class ResPartner(models.Model):
    """What dry runs said of a partner, so that its list can be filtered by it."""

    _inherit = "res.partner"

    ac_survey_ids = fields.One2many(
        "ac.first.load.record",
        "partner_id",
        string="ActiveCampaign Dry Runs",
        groups="ac_odoo_connector.group_operator",
    )
