# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import time
from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import farewell, gateway, ring
from .ac_odoo_config_jobs import BUDGET_SECONDS


class AcOdooConfig(models.Model):
    """What is left behind when an account is disconnected or the addon uninstalled.

    Contacts, companies, deals, orders and products stay in ActiveCampaign, unless a
    person ticks them when disconnecting.
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
    farewell_position = fields.Json(
        readonly=True, copy=False, groups="ac_odoo_connector.group_manager"
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
        """Stop all traffic; the secrets go by choice, when they are not needed to
        delete what was ticked."""
        result = super().action_disconnect()
        for config in self:
            if config.farewell_position:
                config._enqueue("farewell")
            elif config.farewell_secrets:
                config._forget_secrets()
        return result

    def action_confirm(self):
        """Whoever connects again wants nothing deleted any more."""
        self.filtered("farewell_position").farewell_position = False
        return super().action_confirm()

    def _forget_secrets(self):
        """Delete the key; the next webhook has a token that nobody has seen.

        What is deleted need not be read, so this works where the vault's key is lost.
        """
        self.sudo().write(
            {
                **dict.fromkeys(ring.SECRETS, False),
                "old_token_until": False,
                "token_untold": False,
            }
        )
        with suppress(UserError):
            self._make_missing_tokens()

    def _job_farewell(self):
        """Delete over there what was ticked when the account was disconnected."""
        if not self.farewell_position:
            return
        end = time.monotonic() + BUDGET_SECONDS
        with self._border("farewell"):
            with gateway.trial_client(self, retry=gateway.PATIENCE) as client:
                while more := farewell.step(self, client):
                    if time.monotonic() > end:
                        break
            if more:
                self._enqueue("farewell")

    def _note_farewell(self, position):
        """Remember how far the deletion is; say so when it has ended."""
        if position["objects"]:
            self.farewell_position = position
            return
        self.farewell_position = False
        if self.farewell_secrets:
            self._forget_secrets()
        refused = position["refused"]
        self.message_post(
            body=self.env._("What was ticked is deleted in ActiveCampaign.")
            if not refused
            else self.env._(
                "What was ticked is deleted in ActiveCampaign, but for %s objects that "
                "it refused to delete; their links were kept.",
                refused,
            )
        )
