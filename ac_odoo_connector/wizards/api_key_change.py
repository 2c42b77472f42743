# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import closed_fields, vault
from ..models.ac_odoo_config import MASK

MANAGER = "ac_odoo_connector.group_manager"


class AcApiKeyChange(models.TransientModel):
    """A new API key: tried first, then used."""

    _name = "ac.api.key.change"
    _inherit = "ac.own.account"
    _description = "ActiveCampaign: Change the API Key"

    config_id = fields.Many2one("ac.odoo.config", "Account", required=True)
    new_key = fields.Char(
        "New API Key",
        compute="_compute_new_key",
        inverse="_inverse_new_key",
        compute_sudo=True,
        groups=MANAGER,
    )
    new_key_encrypted = fields.Char(groups=fields.NO_ACCESS)

    @api.model_create_multi
    def create(self, vals_list):
        closed_fields.check(self, vals_list)
        return super().create(vals_list)

    @api.depends("new_key_encrypted")
    def _compute_new_key(self):
        for wizard in self:
            wizard.new_key = wizard.new_key_encrypted and MASK

    def _inverse_new_key(self):
        configs = self.env["ac.odoo.config"]
        for wizard in self:
            if secret := configs._typed(wizard.new_key):
                wizard.sudo().new_key_encrypted = configs._encrypt(secret)

    def action_try_and_use(self):
        """Try the key; use it if ActiveCampaign lets it in.

        :raise UserError: it does not; the old key stays in use
        """
        self.ensure_one()
        config = self.config_id
        config.check_access("write")
        user, account = config._change_api_key(_secret(self))
        self.unlink()
        answer = config._notify(
            self.env._("API Key Changed"),
            self.env._("%(user)s of %(account)s answers.", user=user, account=account),
        )
        answer["params"]["next"] = {"type": "ir.actions.act_window_close"}
        return answer


def _secret(wizard):
    """Return the key that was typed; no method, which a server action could call."""
    text = wizard.sudo().new_key_encrypted
    if not text:
        raise UserError(wizard.env._("Enter the new key."))
    try:
        return vault.decrypt(text, wizard.env.cr.dbname)
    except vault.VaultError as error:
        raise UserError(str(error)) from error
