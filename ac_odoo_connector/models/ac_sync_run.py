# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import marks, outbox
from ..engine.transaction import transaction

UNDER_WAY = ("pending", "sending", "sent")


class AcSyncRun(models.Model):
    """One visible batch with progress: what was to do, what is done, what is left."""

    _name = "ac.sync.run"
    _description = "ActiveCampaign Run"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("paused", "Paused"),
            ("done", "Done"),
            ("stopped", "Stopped"),
        ],
        default="running",
        required=True,
        readonly=True,
    )
    total = fields.Integer("Records", readonly=True)
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    final_counts = fields.Json(readonly=True)
    binding_ids = fields.One2many("ac.binding", "run_id", readonly=True)
    synced = fields.Integer("Synchronised", compute="_compute_progress")
    skipped = fields.Integer(compute="_compute_progress")
    failed = fields.Integer(compute="_compute_progress")
    remaining = fields.Integer(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Per cent done.")
    rate = fields.Integer(
        "Records per Minute", compute="_compute_progress", aggregator=None
    )
    time_left = fields.Char(compute="_compute_progress")

    @api.depends("state", "total", "binding_ids.state")
    def _compute_progress(self):
        live = self.filtered(lambda run: not run.final_counts)
        counts = {run.id: {} for run in self}
        for run, state, count in self.env["ac.binding"]._read_group(
            [("run_id", "in", live.ids)], ["run_id", "state"], ["__count"]
        ):
            counts[run.id][state] = count
        for run in self:
            run._show(run.final_counts or counts[run.id])

    def _show(self, counts):
        self.remaining = sum(counts.get(state, 0) for state in UNDER_WAY)
        self.skipped = counts.get("skipped", 0)
        self.failed = counts.get("failed", 0) + counts.get("dead", 0)
        # records that left the account's filter meanwhile are done as well
        self.synced = max(0, self.total - self.remaining - self.skipped - self.failed)
        done = self.total - self.remaining
        self.progress = 100 * done / self.total if self.total else 100
        end = self.finished_at or fields.Datetime.now()
        minutes = max(1, (end - (self.started_at or end)).total_seconds()) / 60
        self.rate = done / minutes
        self.time_left = self._time_left(done / minutes)

    def _time_left(self, rate):
        if self.state != "running" or not rate or not self.remaining:
            return False
        minutes = self.remaining / rate
        if minutes < 1:
            return self.env._("less than a minute")
        return self.env._("about %s min", round(minutes))

    @api.model
    def _start(self, config):
        """Mark every record in the account's scope; return the run that shows it."""
        if config.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        run = self.create(
            {
                "name": self.env._("Everything of %s", config.name),
                "config_id": config.id,
                "started_at": fields.Datetime.now(),
            }
        )
        for synced_object in config._objects():
            model = self.env[synced_object.model].sudo().with_context(active_test=True)
            query = model._search(config._domain(synced_object))
            run.total += marks.mark_query(config, synced_object, query, run)
        config._enqueue("run")
        return run

    def action_pause(self):
        """Leave the waiting records of the run where they are."""
        self.config_id._check_operator()
        running = self.sudo().filtered(lambda run: run.state == "running")
        return running.write({"state": "paused"})

    def action_resume(self):
        """Go on with a paused run."""
        self.config_id._check_operator()
        for run in self.sudo().filtered(lambda run: run.state == "paused"):
            run.state = "running"
            run.config_id._enqueue("run")
        return True

    def action_stop(self):
        """Give the waiting records of the run up; what is on its way goes on."""
        self.config_id._check_operator()
        with transaction(self.env) as env:
            runs = env["ac.sync.run"].browse(self.ids)
            for run in runs.filtered(lambda run: run.state in ("running", "paused")):
                outbox.give_up(env, run)
                run._finish("stopped")
        self.invalidate_recordset()
        return True

    @api.model
    def _finish_done(self, config):
        """End the running runs of which nothing is under way any more."""
        with transaction(self.env) as env:
            runs = env["ac.sync.run"].search(
                [("config_id", "=", config.id), ("state", "=", "running")]
            )
            for run in runs.filtered(lambda run: not run.remaining):
                run._finish("done")

    def _finish(self, state):
        counts = self.env["ac.binding"]._read_group(
            [("run_id", "=", self.id)], ["state"], ["__count"]
        )
        self.write(
            {
                "state": state,
                "finished_at": fields.Datetime.now(),
                "final_counts": {"synced": 0, **dict(counts)},
            }
        )
