# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..activecampaign import ActiveCampaignError
from ..engine import breaker, gateway, vault
from ..engine.transaction import transaction
from ..engine.words import in_words
from .ac_breaker import STATES

LIMITS = {
    "breaker_threshold": (1, 100),
    "breaker_window": (1, 60),
    "breaker_minimum": (1, 10_000),
    "breaker_cooldown": (5, breaker.LONGEST_PAUSE),
}
"""Setting: smallest and largest value that makes sense."""


class AcOdooConfig(models.Model):
    """When ActiveCampaign fails: how soon the account is paused, and whether it is."""

    _inherit = "ac.odoo.config"

    breaker_ids = fields.One2many("ac.breaker", "config_id", readonly=True)
    breaker_state = fields.Selection(
        STATES, "Traffic", compute="_compute_breaker", help="Paused: nothing is sent."
    )
    breaker_reason = fields.Char("Why Paused", compute="_compute_breaker")
    breaker_until = fields.Datetime(
        "Tried Again At",
        compute="_compute_breaker",
        help="Empty while paused: when the API key has changed.",
    )
    breaker_threshold = fields.Integer(
        "Failures in Percent",
        default=50,
        required=True,
        tracking=True,
        help="Pause when so many of the requests have failed. Requests that "
        "ActiveCampaign refuses because of a record are no failures.",
    )
    breaker_window = fields.Integer(
        "Within Minutes", default=5, required=True, tracking=True
    )
    breaker_minimum = fields.Integer(
        "Fewest Requests",
        default=20,
        required=True,
        tracking=True,
        help="Fewer within this time tell nothing.",
    )
    breaker_cooldown = fields.Integer(
        "First Pause in Seconds",
        default=30,
        required=True,
        tracking=True,
        help="Then ActiveCampaign is asked again. Each pause in a row takes twice as "
        "long, fifteen minutes at most.",
    )
    calls_last_hour = fields.Integer(
        "Requests of the Last Hour", compute="_compute_calls_last_hour"
    )

    @api.depends("breaker_ids.state", "breaker_ids.reason", "breaker_ids.until")
    def _compute_breaker(self):
        for config in self:
            row = config.breaker_ids[:1]
            paused = row.state in ("open", "half_open")
            config.breaker_state = row.state or "closed"
            config.breaker_reason = paused and row.reason
            config.breaker_until = paused and row.until

    def _compute_calls_last_hour(self):
        since = fields.Datetime.now() - timedelta(hours=1)
        domain = [("config_id", "in", self.ids), ("minute", ">=", since)]
        calls = self.env["ac.api.usage"]._read_group(
            domain, ["config_id"], ["calls:sum"]
        )
        of = {config.id: count for config, count in calls}
        for config in self:
            config.calls_last_hour = of.get(config.id, 0)

    @api.constrains(*LIMITS)
    def _check_breaker(self):
        """:raise ValidationError: a setting with which it would never or always open"""
        for config in self:
            for name, (least, most) in LIMITS.items():
                if not least <= config[name] <= most:
                    raise ValidationError(
                        self.env._(
                            "“%(field)s” must be between %(least)s and %(most)s.",
                            field=self._fields[name]._description_string(self.env),
                            least=least,
                            most=most,
                        )
                    )

    def write(self, vals):
        """Another key, or another address, is tried at once."""
        result = super().write(vals)
        if {"ac_base_url", "ac_api_key"} & vals.keys():
            for config in self.filtered(lambda c: c.breaker_state != "closed"):
                config._enqueue("probe")
        return result

    def action_try_now(self):
        """Ask a paused account whether it answers again; what has waited goes on.

        :raise UserError: it does not; why, and what to do
        """
        self.ensure_one()
        self._check_operator()
        try:
            gateway.try_now(self)
        except ActiveCampaignError as error:
            raise UserError(in_words(error)) from error
        except vault.VaultError as error:
            raise UserError(str(error)) from error
        return self._notify(
            self.env._("It Answers"), self.env._("What has waited is being sent.")
        )

    def action_view_usage(self):
        """Open what the account was asked, minute by minute."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_api_usage"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}

    def _let_flow(self):
        """A person has seen that the account answers: end its pause."""
        if self.breaker_state != "closed":
            with transaction(self.env) as env:
                breaker.close(env, self.id)

    def _job_probe(self):
        """See whether a paused account answers again."""
        with self._border("probe"), gateway.open_client(self):
            return

    def _probe_if_due(self):
        """Have a paused account tried again although nobody saves anything."""
        until = self.breaker_until
        if until and until <= fields.Datetime.now():
            self._enqueue("probe")
