# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.transaction import transaction

BATCH = 5_000
UNSETTLED = ("new", "applying", "failed", "dead")


class AcOdooConfig(models.Model):
    """The events of an account: how many wait or failed, and how long they are kept."""

    _inherit = "ac.odoo.config"

    payload_policy = fields.Selection(
        [
            ("drop", "Drop it after some days"),
            ("keep", "Keep it"),
        ],
        "Content of Events",
        default="drop",
        required=True,
        tracking=True,
        help="What ActiveCampaign sends names people. The event itself stays: what "
        "happened, when, to whom.",
    )
    payload_days = fields.Integer(
        "Days It Is Kept",
        default=90,
        required=True,
        tracking=True,
        help="Events whose content was dropped cannot be replayed.",
    )
    open_event_count = fields.Integer("Open Events", compute="_compute_event_counts")
    dead_event_count = fields.Integer("Failed Events", compute="_compute_event_counts")

    def _compute_event_counts(self):
        """Only what is not settled: all events of years would be counted for long."""
        groups = self.env["ac.event"]._read_group(
            [("config_id", "in", self.ids), ("state", "in", UNSETTLED)],
            ["config_id", "state"],
            ["__count"],
        )
        counts = {(config.id, state): count for config, state, count in groups}
        for config in self:
            of = {state: n for (id_, state), n in counts.items() if id_ == config.id}
            config.dead_event_count = of.get("failed", 0) + of.get("dead", 0)
            config.open_event_count = of.get("new", 0) + of.get("applying", 0)

    @api.constrains("payload_days")
    def _check_payload_days(self):
        if any(config.payload_days < 1 for config in self):
            raise ValidationError(self.env._("Keep the content for a day at least."))

    def action_view_events(self):
        """Open the events of this account, filtered by the button's context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_event"
        )
        action["domain"] = [("config_id", "=", self.id)]
        action["context"] = dict(self.env.context)
        return action

    def action_replay_failed(self):
        """Apply everything once more that could not be applied; one statement."""
        self.ensure_one()
        self._check_operator()
        self.check_access("read")
        self.env.cr.execute(
            """
            UPDATE ac_event SET state = 'new', tries = 0, next_try_at = NULL,
                message = NULL
            WHERE config_id = %s AND state IN ('failed', 'dead')
                AND payload_dropped IS NOT TRUE
            """,
            (self.id,),
        )
        count = self.env.cr.rowcount
        self.env["ac.event"].invalidate_model(flush=False)
        self._enqueue("inbox")
        return self._notify(
            self.env._("Replayed"),
            self.env._("%s events are applied once more.", count),
        )

    @api.model
    def _cron_forget(self):
        """Drop contents and alerts whose time is over, also those of accounts that are
        not connected any more."""
        self.env["ac.error.log"]._forget_knocks()
        everyone = self.with_context(active_test=False)
        for config in everyone.search([("payload_policy", "=", "drop")]):
            config._enqueue("forget")

    def _job_forget(self):
        """Drop the contents that are too old, in transactions of a few thousand."""
        before = fields.Datetime.now() - timedelta(days=self.payload_days)
        while self._forget_some(before):
            pass

    def _forget_some(self, before):
        """What still waits is applied soon, unless nobody will: then it goes, too."""
        is_live = self.active and self.state == "confirmed"
        with transaction(self.env) as env:
            env.cr.execute(
                """
                UPDATE ac_event SET payload = NULL, known = NULL, message = NULL,
                    payload_dropped = TRUE
                WHERE id IN (
                    SELECT id FROM ac_event
                    WHERE config_id = %s AND create_date < %s AND payload IS NOT NULL
                        AND (NOT %s OR state IN ('done', 'ignored', 'dead', 'waiting'))
                    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
                """,
                (self.id, before, is_live, BATCH),
            )
            return env.cr.rowcount == BATCH
