# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import farewell


class AcFarewell(models.TransientModel):
    """The question before an account is disconnected: what is left behind."""

    _name = "ac.farewell"
    _inherit = "ac.own.account"
    _description = "ActiveCampaign: Disconnect"

    config_id = fields.Many2one("ac.odoo.config", "Account", required=True)
    has_webhook = fields.Boolean(compute="_compute_state")
    is_stopped = fields.Boolean(compute="_compute_state")
    webhook = fields.Boolean(
        "Delete the Webhook in ActiveCampaign",
        compute="_compute_choices",
        store=True,
        readonly=False,
    )
    secrets = fields.Boolean(
        "Delete the API Key and the Tokens Here",
        compute="_compute_choices",
        store=True,
        readonly=False,
    )
    delete_contact = fields.Boolean("Linked Contacts")
    delete_account = fields.Boolean("Linked Companies")
    delete_deal = fields.Boolean("Deals of Orders")
    delete_order = fields.Boolean("E-Commerce Orders")
    delete_product = fields.Boolean("Products of the Catalogue")
    deletes = fields.Boolean(compute="_compute_deletes")

    @api.depends("config_id")
    def _compute_state(self):
        for wizard in self:
            config = wizard.config_id
            wizard.has_webhook = bool(config.ac_webhook_id)
            wizard.is_stopped = bool(config) and config._is_stopped()

    @api.depends("config_id")
    def _compute_choices(self):
        for wizard in self:
            wizard.webhook = wizard.config_id.farewell_webhook
            wizard.secrets = wizard.config_id.farewell_secrets

    @api.depends(lambda self: [f"delete_{name}" for name in farewell.ORDER])
    def _compute_deletes(self):
        for wizard in self:
            wizard.deletes = bool(wizard._ticked())

    def _ticked(self):
        names = () if self.is_stopped else farewell.ORDER
        return [name for name in names if self[f"delete_{name}"]]

    def action_disconnect(self):
        """Disconnect the account as chosen; say if the webhook could not be reached."""
        config = self.config_id
        config.write(
            {
                "farewell_webhook": self.webhook,
                "farewell_secrets": self.secrets,
                "farewell_position": farewell.begin(self._ticked()) or False,
            }
        )
        config.action_disconnect()
        if config.ac_webhook_id and self.webhook and not config._is_stopped():
            return config._notify(
                self.env._("Disconnected"),
                self.env._(
                    "ActiveCampaign did not answer, so its webhook is still there. "
                    "Delete it over there: Settings › Developer › Webhooks."
                ),
            )
        return {"type": "ir.actions.act_window_close"}
