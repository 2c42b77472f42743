# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import models
from odoo.exceptions import UserError

from ..engine.masking import mask_text


class AcOdooConfig(models.Model):
    """What people do with an account, on its audit trail; settings are told by the
    mixin, secrets as changed."""

    _name = "ac.odoo.config"
    _inherit = ["ac.odoo.config", "ac.trail.mixin"]

    _ac_trail_also = frozenset({"state", "is_copy", "known_addresses"})

    def _ac_trail_account(self):
        return self

    def _try_key(self, key=None):
        """A test that fails takes its transaction with it, but not its entry."""
        try:
            answer = super()._try_key(key)
        except UserError as error:
            words = mask_text(str(error.args[0]))
            self.env["ac.trail"]._note_apart(self, "test_failed", note=words)
            raise
        self.env["ac.trail"]._note(self, "tested")
        return answer

    def action_confirm(self):
        """Connect, and remember who did."""
        result = super().action_confirm()
        self.env["ac.trail"]._note(self, "confirmed")
        return result

    def action_is_production(self):
        """Declare this database production, and remember who did."""
        result = super().action_is_production()
        self.env["ac.trail"]._note(self, "production")
        return result

    def action_new_webhook_token(self):
        """Make a new token, and remember who did."""
        result = super().action_new_webhook_token()
        self.env["ac.trail"]._note(self, "rotated", note=self.env._("Webhook token"))
        return result

    def _note_on_accounts(self, words):
        """What was done with the encryption key is told here too."""
        accounts = super()._note_on_accounts(words)
        self.env["ac.trail"]._note(accounts, "rotated", note=words)
        return accounts

    def _change_api_key(self, secret):
        """Use another key, and remember who did."""
        names = super()._change_api_key(secret)
        self.env["ac.trail"]._note(self, "rotated", note=self.env._("API key"))
        return names

    def action_take_old_key_back(self):
        """Use the old key again, and remember who did."""
        result = super().action_take_old_key_back()
        self.env["ac.trail"]._note(self, "rotated", note=self.env._("Old API key"))
        return result

    def action_show_webhook_address(self):
        """Show the address with the token, and remember to whom."""
        result = super().action_show_webhook_address()
        self.env["ac.trail"]._note(self, "shown")
        return result

    def action_view_trail(self):
        """Open who did what to this account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_trail"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}
