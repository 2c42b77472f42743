# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

UNSETTLED = ("new", "applying", "failed", "dead")


class AcOdooConfig(models.Model):
    """The events of an account: how many wait or failed."""

    _inherit = "ac.odoo.config"

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
