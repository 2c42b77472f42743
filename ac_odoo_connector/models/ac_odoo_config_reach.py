# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models

from ..engine import gateway, webhook_setup


class AcOdooConfig(models.Model):
    """How what happens in ActiveCampaign gets here: the webhook and its health."""

    _inherit = "ac.odoo.config"

    webhook_contacts = fields.Boolean(
        "Contacts",
        default=True,
        tracking=True,
        help="Contacts added and changed, their tags and notes.",
    )
    webhook_engagement = fields.Boolean(
        "Engagement",
        default=True,
        tracking=True,
        help="E-mails sent, opened, clicked, answered, forwarded and shared.",
    )
    webhook_deals = fields.Boolean(
        "Deals", default=True, tracking=True, help="Deals, their notes and tasks."
    )
    webhook_sms = fields.Boolean("SMS", default=True, tracking=True)
    webhook_accounts = fields.Boolean(
        "Companies and Tasks",
        tracking=True,
        help="Accounts, their people, and tasks of contacts. Not every account of "
        "ActiveCampaign offers these events.",
    )
    webhook_from_api = fields.Boolean(
        "Also From Other Programs",
        default=True,
        tracking=True,
        help="What programs change through ActiveCampaign's API. That includes Odoo: "
        "everything it sends comes back once, and is dropped.",
    )
    webhook_silence_hours = fields.Integer(
        "Warn After Hours of Silence",
        default=72,
        tracking=True,
        help="When no event at all has arrived for so long. 0: never.",
    )
    webhook_since = fields.Datetime(readonly=True, copy=False)
    webhook_checked_at = fields.Datetime("Last Check", readonly=True, copy=False)
    webhook_problem = fields.Char(readonly=True, copy=False)
    ac_webhook_events = fields.Char(
        "Events Asked For", readonly=True, copy=False, help="As told to ActiveCampaign."
    )
    webhook_address_warning = fields.Char(compute="_compute_webhook_address_warning")
    webhook_last_at = fields.Datetime("Last Event", compute="_compute_webhook_silence")
    webhook_silence = fields.Char(compute="_compute_webhook_silence")
    webhook_arrival_ids = fields.One2many("ac.webhook.arrival", "config_id")

    @api.depends_context("uid")
    def _compute_webhook_address_warning(self):
        for config in self:
            problem = config._address_problem()
            config.webhook_address_warning = config._address_words(problem)

    def _address_problem(self):
        """Return why webhooks cannot get here, None when nothing speaks against it; a
        developer's simulator on the same machine can call localhost."""
        problem = webhook_setup.address_problem(self.get_base_url())
        return None if gateway.localhost_allowed() and problem == "local" else problem

    def _address_words(self, problem):
        """Return in a sentence why ActiveCampaign cannot call this database."""
        words = {
            "local": self.env._("it is only known on this machine or network"),
            "http": self.env._("it does not begin with https"),
            "port": self.env._("only port 443 is called"),
        }
        return problem and self.env._(
            "ActiveCampaign cannot call %(url)s: %(reason)s. Set the system parameter "
            "web.base.url, or let Odoo ask ActiveCampaign instead (Polling).",
            url=self.get_base_url(),
            reason=words[problem],
        )

    @api.depends("webhook_silence_hours", "webhook_since", "ac_webhook_id")
    def _compute_webhook_silence(self):
        last = self._last_arrivals()
        for config in self:
            config.webhook_last_at = last.get(config.id)
            config.webhook_silence = config._is_silent() and self.env._(
                "No event has arrived for more than %s hours. If that is odd, ask for "
                "a check; where the check finds nothing, make the webhook anew.",
                config.webhook_silence_hours,
            )

    def _last_arrivals(self):
        """Return ``{config id: moment}`` of the last event of each account."""
        found = self.env["ac.webhook.arrival"]._read_group(
            [("config_id", "in", self.ids), ("last_at", "!=", False)],
            ["config_id"],
            ["last_at:max"],
        )
        return {config.id: moment for config, moment in found}

    def _is_silent(self):
        begin = max(
            filter(None, (self.webhook_last_at, self.webhook_since)), default=None
        )
        hours = self.webhook_silence_hours
        if not (hours > 0 and self.ac_webhook_id and begin):
            return False
        return begin < fields.Datetime.now() - timedelta(hours=hours)
