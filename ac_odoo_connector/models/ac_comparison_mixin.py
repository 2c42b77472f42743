# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import format_datetime


class AcComparisonMixin(models.AbstractModel):
    """A comparison of both sides of an account that goes on page by page, and says how
    far it is; at most one of a kind is under way."""

    _name = "ac.comparison.mixin"
    _description = "ActiveCampaign: Comparison of Both Sides"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    state = fields.Selection(
        [
            ("running", "Under Way"),
            ("done", "Done"),
            ("stopped", "Stopped"),
            ("failed", "Failed"),
        ],
        required=True,
        default="running",
        readonly=True,
    )
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    position = fields.Json(readonly=True, groups="ac_odoo_connector.group_operator")
    message = fields.Char("What Went Wrong", readonly=True)

    @api.depends("started_at")
    def _compute_display_name(self):
        for comparison in self:
            comparison.display_name = format_datetime(self.env, comparison.started_at)

    @api.model
    def _running(self, config):
        return self.search(
            [("config_id", "=", config.id), ("state", "=", "running")], limit=1
        )
