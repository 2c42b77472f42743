# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets

from odoo import fields, models


class AcOdooConfig(models.Model):
    """What is left behind when an account is disconnected or the addon uninstalled.

    Contacts, companies, deals, orders and products stay in ActiveCampaign in any case.
    """

    _inherit = "ac.odoo.config"

    farewell_webhook = fields.Boolean(
        "Take the Webhook Away",
        default=True,
        tracking=True,
        help="When the account is disconnected or the addon uninstalled, the webhook in "
        "ActiveCampaign is deleted. Kept, it calls an address that refuses it.",
    )
    farewell_secrets = fields.Boolean(
        "Forget the Secrets",
        tracking=True,
        help="When the account is disconnected, its API key and tokens are deleted here; "
        "when the addon is uninstalled, the file with the key they were encrypted with.",
    )

    def action_farewell(self):
        """Ask what is left behind, then disconnect."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_farewell"
        )
        return {**action, "context": {"default_config_id": self.id}}

    def action_disconnect(self):
        """Stop all traffic; the secrets go by choice."""
        result = super().action_disconnect()
        self.filtered("farewell_secrets")._forget_secrets()
        return result

    def _forget_secrets(self):
        """Delete the key; the next webhook has a token that nobody has seen."""
        for config in self:
            config.write(
                {
                    "ac_api_key_encrypted": False,
                    "ac_webhook_token_encrypted": self._encrypt(
                        secrets.token_urlsafe(32)
                    ),
                    "ac_webhook_token_old_encrypted": False,
                    "old_token_until": False,
                    "token_untold": False,
                }
            )
