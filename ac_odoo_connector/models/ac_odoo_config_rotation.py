# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import gateway, ring
from ..engine.transaction import transaction

MANAGER = "ac_odoo_connector.group_manager"


class AcOdooConfig(models.Model):
    """A new API key, and the old one until the new one has worked; tokens that die.

    A new webhook token is the business of `ac_odoo_config_guard.py`.
    """

    _inherit = "ac.odoo.config"

    ac_api_key_old_encrypted = fields.Char(
        "Stored Old API Key", groups=fields.NO_ACCESS, copy=False
    )
    ac_api_key_since = fields.Datetime(
        "API Key in Use Since", readonly=True, copy=False, groups=MANAGER
    )
    ac_webhook_token_since = fields.Datetime(
        "Webhook Token in Use Since", readonly=True, copy=False, groups=MANAGER
    )
    has_old_key = fields.Boolean(
        "Old API Key Kept",
        compute="_compute_has_old_key",
        compute_sudo=True,
        groups=MANAGER,
        help="The new key has not worked in the background yet.",
    )

    @api.depends("ac_api_key_old_encrypted")
    def _compute_has_old_key(self):
        for config in self:
            config.has_old_key = bool(config.ac_api_key_old_encrypted)

    # The API key ------------------------------------------------------------------

    def _inverse_ac_api_key(self):
        for config in self.filtered(lambda c: c._typed(c.ac_api_key)):
            config._keep_old_key()
        return super()._inverse_ac_api_key()

    def _keep_old_key(self):
        """Keep the key that has worked last, not one that was replaced before it did."""
        secret = self.sudo()
        if self.state != "confirmed":
            secret.write({"ac_api_key_old_encrypted": False, "ac_api_key_since": False})
        elif not self.has_old_key and ring.plain(secret, "ac_api_key_encrypted"):
            secret.ac_api_key_old_encrypted = secret.ac_api_key_encrypted

    def action_change_api_key(self):
        """Ask for a new key; it is tried before it is used."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_api_key_change"
        )
        return {**action, "context": {"default_config_id": self.id}}

    def _change_api_key(self, secret):
        """Use another key if ActiveCampaign lets it in.

        :param secret: the new key in plain text
        :return: ``(user, account)``, readable names
        :raise UserError: it does not, or cannot be asked, or it is the one in use; the
            old key stays in use
        """
        self.ensure_one()
        self.check_access("write")
        if secret == ring.plain(self.sudo(), "ac_api_key_encrypted"):
            raise UserError(
                self.env._(
                    "This key is in use already. Make a new one in ActiveCampaign first: "
                    "Settings > Developer."
                )
            )
        names = self._try_new_key(secret)
        self.ac_api_key = secret
        if self.state == "confirmed":
            self._enqueue("new_key")
        return names

    def _try_new_key(self, secret):
        """:raise UserError: why it is not used, and that nothing has changed"""
        try:
            return self._try_key(secret)
        except UserError as error:
            raise UserError(
                self.env._(
                    "%s\n\nThe new key is not used; the one so far stays.",
                    error.args[0],
                )
            ) from error

    def action_take_old_key_back(self):
        """Use the old key again, while the new one has not worked yet."""
        self.ensure_one()
        self.check_access("write")
        if not self.has_old_key:
            raise UserError(
                self.env._("The old key is forgotten: the new one has worked.")
            )
        secret = self.sudo()
        secret.write(
            {
                "ac_api_key_encrypted": secret.ac_api_key_old_encrypted,
                "ac_api_key_old_encrypted": False,
                "problem": False,
            }
        )
        if self.breaker_state != "closed":
            self._enqueue("probe")
        return self._notify(
            self.env._("Old Key"), self.env._("The old API key is in use again.")
        )

    def _job_new_key(self):
        """Ask with the new key; when ActiveCampaign answers the old one is forgotten."""
        used = self.sudo().ac_api_key_encrypted
        with self._border("new_key"):
            with gateway.open_client(self) as client:
                client.users.me()
            with transaction(self.env) as env:
                env["ac.odoo.config"].browse(self.id)._note_key_works(used)

    def _let_flow(self):
        """A person has seen that ActiveCampaign answers to the stored key."""
        result = super()._let_flow()
        self.sudo()._note_key_works(self.sudo().ac_api_key_encrypted)
        return result

    def _note_key_works(self, used):
        """Forget the old key, unless the one that was used is not the stored one."""
        if self.ac_api_key_encrypted != used:
            return
        if self.ac_api_key_old_encrypted or not self.ac_api_key_since:
            now = fields.Datetime.now()
            self.write({"ac_api_key_old_encrypted": False, "ac_api_key_since": now})
            self._end_reminder("ac_api_key")

    def _probe_if_due(self):
        """An old key whose job was lost is forgotten nevertheless. A paused account is
        asked by the breaker's own job."""
        result = super()._probe_if_due()
        if self.sudo().has_old_key and self.breaker_state == "closed":
            self._enqueue("new_key")
        return result

    def _forget_account(self):
        """No key of another account is kept."""
        result = super()._forget_account()
        self.sudo().write(
            {"ac_api_key_old_encrypted": False, "ac_api_key_since": False}
        )
        return result

    # The webhook's token ----------------------------------------------------------

    def _make_missing_tokens(self):
        missing = self.sudo().filtered(lambda c: not c.ac_webhook_token_encrypted)
        result = super()._make_missing_tokens()
        missing._note_new_token()
        return result

    def _keep_old_token(self):
        result = super()._keep_old_token()
        self._note_new_token()
        return result

    def _note_new_token(self):
        self.write({"ac_webhook_token_since": fields.Datetime.now()})
        for config in self:
            config._end_reminder("ac_webhook_token")

    @api.model
    def _forget_dead_tokens(self):
        """Delete old tokens whose time is over: the guard refuses them already."""
        dead = [
            ("old_token_until", "<=", fields.Datetime.now()),
            ("token_untold", "=", False),
        ]
        self.sudo().with_context(active_test=False).search(dead).write(
            {"ac_webhook_token_old_encrypted": False, "old_token_until": False}
        )
