# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import logging

from odoo import api, fields, models

from ..engine import alerts, backlog

_logger = logging.getLogger(__name__)

LOCK = 20271  # any number: the first half of the advisory lock's key


class AcAlert(models.Model):
    """One incident: since when something is wrong, who was told, when it was over."""

    _name = "ac.alert"
    _description = "ActiveCampaign Alert"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "since desc, id desc"
    _rec_name = "title"
    _rec_names_search = ["config_id"]

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("access", "No access"),
            ("breaker", "Paused"),
            ("failures", "Many failures"),
            ("backlog", "Waiting too long"),
            ("growth", "Growing backlog"),
            ("webhook", "Webhook silent"),
            ("audit", "Both sides differ"),
        ],
        required=True,
        readonly=True,
    )
    facts = fields.Json(readonly=True, help="What the check has found.")
    state = fields.Selection(
        [("open", "Open"), ("recovered", "Recovered")],
        default="open",
        required=True,
        readonly=True,
    )
    since = fields.Datetime(required=True, readonly=True)
    seen_at = fields.Datetime("Last Seen", required=True, readonly=True)
    recovered_at = fields.Datetime(readonly=True)
    told_at = fields.Datetime(
        readonly=True, help="When the message went out; empty while it has to wait."
    )
    recovery_told_at = fields.Datetime("Recovery Told", readonly=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_alert_one_at_a_time "
            "ON ac_alert (config_id, kind) WHERE state = 'open'"
        )

    @api.model
    def _cron_check(self):
        """Look at every connected account; one that cannot be looked at fails alone."""
        configs = self.env["ac.odoo.config"]._confirmed()
        if configs._all_stopped():
            return
        for config in configs:
            try:
                with self.env.cr.savepoint():
                    self._check(config)
            except Exception:
                _logger.exception("Alerts of account %s not checked", config.id)
        self._drop_unwatched(configs)

    @api.model
    def _check(self, config, now=None):
        """Open and end the incidents of an account, and tell people.

        :param now: datetime (UTC); tests let time pass with it
        """
        if not self._may_check(config):
            return
        now = now or fields.Datetime.now()
        backlog.sample(config, now)
        mine = [("config_id", "=", config.id)]
        lasting = self.search([*mine, ("state", "=", "open")])
        found = alerts.findings(config, now, lasting.mapped("kind"))
        self._note(config, found, lasting, now)
        if not alerts.is_quiet(config, now):
            self.search(mine)._tell(config, now)

    def _may_check(self, config):
        """Whether no other worker is at it; holds until the transaction ends."""
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", (LOCK, config.id)
        )
        return self.env.cr.fetchone()[0]

    def _note(self, config, found, lasting, now):
        """Write down what began, what goes on, and what has not been seen for long."""
        for alert in lasting:
            if facts := found.pop(alert.kind, None):
                alert.write({"facts": facts, "seen_at": now})
            elif alert.seen_at <= now - alerts.CALM:
                alert._recover(now)
        self.with_context(tracking_disable=True).create(
            [
                {
                    "config_id": config.id,
                    "kind": kind,
                    "facts": facts,
                    "since": now,
                    "seen_at": now,
                }
                for kind, facts in found.items()
            ]
        )

    def _recover(self, now):
        self.write({"state": "recovered", "recovered_at": now})
        self.activity_unlink(["mail.mail_activity_data_warning"])

    @api.model
    def _drop_unwatched(self, configs):
        """Accounts that somebody has disconnected have no incidents, and nobody is
        told so: they know."""
        gone = [("state", "=", "open"), ("config_id", "not in", configs.ids)]
        self.search(gone)._recover(fields.Datetime.now())

    def action_open(self):
        """Open what the alert is about."""
        self.ensure_one()
        return self._place()
