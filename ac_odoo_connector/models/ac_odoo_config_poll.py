# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..engine import poll
from ..engine.poll_streams import STREAMS


class AcOdooConfig(models.Model):
    """Asking ActiveCampaign for news where its webhooks do not arrive."""

    _inherit = "ac.odoo.config"

    poll_mode = fields.Selection(
        [
            ("off", "Never"),
            ("auto", "When webhooks cannot reach this database"),
            ("always", "Always, as a net below the webhooks"),
        ],
        "Polling",
        default="auto",
        required=True,
        tracking=True,
        help="Odoo asks ActiveCampaign for what has changed. Slower than webhooks, and "
        "each question counts for the account's limit.",
    )
    poll_overlap = fields.Integer(
        "Overlap in Minutes",
        default=5,
        tracking=True,
        help="So much of what was asked for before is asked for again, for clocks that "
        "differ. What was heard is not heard twice.",
    )
    poll_state_ids = fields.One2many("ac.poll.state", "config_id")
    polls = fields.Boolean(compute="_compute_polls")

    @api.depends("poll_mode", "webhook_problem", "ac_webhook_id")
    def _compute_polls(self):
        for config in self:
            config.polls = config.poll_mode == "always" or (
                config.poll_mode == "auto" and config._is_unreachable()
            )

    def _is_unreachable(self):
        """Whether ActiveCampaign's webhooks do not get here."""
        return bool(
            not self.ac_webhook_id or self.webhook_problem or self._address_problem()
        )

    def _streams(self):
        """Return the names of the streams that the account asks for."""
        stopped = self.poll_state_ids.filtered(lambda s: not s.enabled)
        names = {*STREAMS} - {*stopped.mapped("stream")}
        return [name for name in STREAMS if name in names and self._has_stream(name)]

    def _has_stream(self, name):
        return name != "deals" or self.sync_deals

    def action_poll(self):
        """Ask for everything that is new, in the background."""
        self.ensure_one()
        self._check_operator()
        if self.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        self._enqueue_polls()
        return self._notify(
            self.env._("Asking ActiveCampaign"),
            self.env._("What is new will be among the events in a moment."),
        )

    def _enqueue_polls(self):
        for name in self._streams():
            self.env["ac.poll.state"].sudo()._set_up(self, name)
            self._enqueue(f"poll_{name}")

    def action_view_polls(self):
        """Open the streams of this account."""
        self.ensure_one()
        self.check_access("read")
        for name in filter(self._has_stream, STREAMS):
            self.env["ac.poll.state"].sudo()._set_up(self, name)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_poll_state"
        )
        return {**action, "domain": [("config_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_poll(self):
        """Ask where that is wanted; a pass that was stopped goes on."""
        for config in self._confirmed().filtered("polls"):
            config._enqueue_polls()

    def _poll(self, name):
        """Visit one stream. What cannot be reached now is asked at the next visit, so
        that an outage does not pile up jobs."""
        try:
            with self._border(f"poll_{name}"):
                poll.visit(self, name)
        except RetryableJobError:
            return

    def _job_poll_contacts(self):
        """Ask for the contacts that have changed."""
        self._poll("contacts")

    def _job_poll_lists(self):
        """Ask who has left a list or was bounced."""
        self._poll("lists")

    def _job_poll_deals(self):
        """Ask for the deals that have changed."""
        self._poll("deals")

    def _job_poll_activities(self):
        """Ask what contacts have done with e-mails."""
        self._poll("activities")
