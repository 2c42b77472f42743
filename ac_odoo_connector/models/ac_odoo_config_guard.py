# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import guard, ring, vault, webhook_setup

LONGEST_OVERLAP = 90 * 24  # hours
CURRENT = "ac_webhook_token_encrypted"


class AcOdooConfig(models.Model):
    """Who may tell us something: tokens, networks, floods."""

    _inherit = "ac.odoo.config"

    ac_webhook_token_old_encrypted = fields.Char(
        "Stored Old Webhook Token", groups=fields.NO_ACCESS, copy=False
    )
    old_token_until = fields.Datetime(
        "Old Token Valid Until",
        readonly=True,
        copy=False,
        groups="ac_odoo_connector.group_manager",
    )
    token_untold = fields.Boolean(
        "ActiveCampaign Has The Old Token",
        readonly=True,
        copy=False,
        groups="ac_odoo_connector.group_manager",
        help="It was not told the new one yet: until then the old one is valid.",
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
    def _check_numbers(self):
        for config in self:
            if min(config.max_events_per_minute, config.token_overlap_hours) < 0:
                raise ValidationError(self.env._("Enter 0 or more."))
            if config.token_overlap_hours > LONGEST_OVERLAP:
                raise ValidationError(
                    self.env._(
                        "Two tokens may be valid for %s hours at most.", LONGEST_OVERLAP
                    )
                )

    @api.constrains("ac_webhook_token_encrypted")
    def _check_webhook_token(self):
        """:raise ValidationError: another account has this token: whose is an event?"""
        for config in self.sudo():
            token = ring.plain(config, CURRENT)
            others = config.with_context(active_test=False).search(
                [("id", "!=", config.id)]
            )
            if token and any(token in _tokens(other) for other in others):
                raise ValidationError(
                    self.env._(
                        "Another account has this webhook token: make a new one."
                    )
                )

    def _inverse_ac_webhook_token(self):
        """What ActiveCampaign sends until it knows the new token is still taken."""
        for config in self.filtered(lambda c: c._typed(c.ac_webhook_token)):
            config._keep_old_token()
        return super()._inverse_ac_webhook_token()

    def _keep_old_token(self):
        """Keep the token that ActiveCampaign has: none that it was never told."""
        if self.token_untold and self.token_overlap_hours:
            return
        secret = self.sudo()
        readable = self.token_overlap_hours and ring.plain(secret, CURRENT)
        old = readable and secret[CURRENT]
        secret.ac_webhook_token_old_encrypted = old or False
        self.old_token_until = old and self._end_of_overlap()
        self.token_untold = bool(self.ac_webhook_id)

    def _end_of_overlap(self):
        return fields.Datetime.now() + timedelta(hours=self.token_overlap_hours)

    def _note_token_told(self):
        """What is on its way with the old token may arrive for some hours more."""
        if self.token_untold:
            self.token_untold = False
            if self.sudo().ac_webhook_token_old_encrypted:
                self.old_token_until = self._end_of_overlap()

    def action_new_webhook_token(self):
        """Make a new token; ActiveCampaign is told when it is stored, by a job.

        Were it told before, an answer that is lost would leave it with a token that
        nobody here knows.
        """
        self.ensure_one()
        self.check_access("write")
        self._keep_old_token()
        self.sudo().ac_webhook_token_encrypted = self._encrypt(
            secrets.token_urlsafe(32)
        )
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
        self.sudo().write(
            {"ac_webhook_token_old_encrypted": False, "old_token_until": False}
        )
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


# functions and no methods: what a method returns can be taken from a server action


def _tokens(config):
    """Return the tokens that an account accepts, or will when it is connected."""
    return {
        ring.plain(config, CURRENT),
        ring.plain(config, "ac_webhook_token_old_encrypted"),
    }
