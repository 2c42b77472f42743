# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models


class AcAlert(models.Model):
    """Somebody tries keys or tokens."""

    _inherit = "ac.alert"

    kind = fields.Selection(
        selection_add=[("tests", "Failed tests"), ("tokens", "Wrong tokens")],
        ondelete={"tests": "cascade", "tokens": "cascade"},
    )

    def _words_tests(self, facts):
        return (
            self.env._(
                "The connection was tested %s times within an hour and failed.",
                facts.get("count"),
            ),
            self.env._(
                "The account's audit trail names who did it. If it was none of your "
                "people, replace the API key in ActiveCampaign."
            ),
        )

    def _words_tokens(self, facts):
        return (
            self.env._(
                "%s webhooks with a wrong token, or from elsewhere, were refused "
                "within an hour.",
                facts.get("count"),
            ),
            self.env._(
                "The error names their addresses. If ActiveCampaign is among them, press "
                "“Repair Webhook” on the account; else restrict the allowed networks."
            ),
        )
