# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import guard, vault, webhook_setup


class AcOdooConfig(models.Model):
    """Who may tell us something: tokens, networks, floods."""

    _inherit = "ac.odoo.config"

    ac_webhook_token_old_encrypted = fields.Char(
        groups="ac_odoo_connector.group_manager", copy=False
    )
    old_token_until = fields.Datetime(
        "Old Token Valid Until",
        readonly=True,
        copy=False,
        groups="ac_odoo_connector.group_manager",
    )
    token_overlap_hours = fields.Integer(
        "Hours Both Tokens Are Valid",
        default=24,
        required=True,
        groups="ac_odoo_connector.group_manager",
        help="After a new webhook token was made, what ActiveCampaign still sends with "
        "the old one is accepted for so long. 0: not at all.",
    )
    allowed_networks = fields.Text(
        tracking=True,
        help="Addresses or networks, such as 203.0.113.0/24 or 2001:db8::/32, that "
        "webhooks may come from. Empty: from anywhere, with the right token. Behind a "
        "proxy, Odoo needs proxy_mode to see them.",
    )
    max_events_per_minute = fields.Integer(
        "Most Events a Minute",
        default=30_000,
        required=True,
        tracking=True,
        help="More than this per minute and worker are refused. A large mailing makes "
        "thousands of opens a minute: set it high. 0: no limit.",
    )

    @api.constrains("allowed_networks")
    def _check_allowed_networks(self):
        """:raise ValidationError: something in it is neither address nor network"""
        for config in self:
            try:
                guard.parse_networks(config.allowed_networks or "")
            except ValueError as error:
                raise ValidationError(
                    self.env._("Not an address or network: %s", error)
                ) from error

    @api.constrains("max_events_per_minute", "token_overlap_hours")
    def _check_not_negative(self):
        for config in self:
            if min(config.max_events_per_minute, config.token_overlap_hours) < 0:
                raise ValidationError(self.env._("Enter 0 or more."))

    def _inverse_ac_webhook_token(self):
        """What ActiveCampaign sends until it knows the new token is still taken."""
        for config in self.filtered(lambda c: c._typed(c.ac_webhook_token)):
            config._keep_old_token()
        return super()._inverse_ac_webhook_token()

    def _keep_old_token(self):
        old = self.token_overlap_hours and self.ac_webhook_token_encrypted
        until = fields.Datetime.now() + timedelta(hours=self.token_overlap_hours)
        self.ac_webhook_token_old_encrypted = old or False
        self.old_token_until = old and until

    def action_new_webhook_token(self):
        """Make a new token; ActiveCampaign is told when it is stored, by a job.

        Were it told before, an answer that is lost would leave it with a token that
        nobody here knows.
        """
        self.ensure_one()
        self.check_access("write")
        self._keep_old_token()
        self.ac_webhook_token_encrypted = self._encrypt(secrets.token_urlsafe(32))
        told = self.state == "confirmed" and self.ac_webhook_id
        if told:
            self._enqueue("webhook")
        who = (
            self.env._("ActiveCampaign is being told.")
            if told
            else self.env._("Connect Webhook tells ActiveCampaign.")
        )
        old = self.env._(
            "The old token is valid for %s hours more.", self.token_overlap_hours
        )
        return self._notify(self.env._("New Token"), f"{who} {old}")

    def action_stop_old_token(self):
        """Accept nothing with the old token any more, e.g. when somebody has seen it."""
        self.ensure_one()
        self.check_access("write")
        self.write({"ac_webhook_token_old_encrypted": False, "old_token_until": False})
        return self._notify(
            self.env._("Stopped"), self.env._("The old token is not accepted any more.")
        )

    def action_show_webhook_address(self):
        """Show the address with the token, for an automation's "Webhook" action."""
        self.ensure_one()
        self.check_access("write")
        try:
            address = webhook_setup.webhook_url(self.sudo())
        except vault.VaultError as error:
            raise UserError(str(error)) from error
        title = self.env._("Webhook Address: Keep It Secret")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": title, "message": address, "sticky": True},
        }
