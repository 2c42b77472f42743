# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import marks, outbox
from ..engine.transaction import transaction
from ..mapping.registry import OBJECTS

UNDER_WAY = ("pending", "sending", "sent")
EVERYTHING, CHOSEN, TRIAL = "everything", "chosen", "trial"


class AcSyncRun(models.Model):
    """One visible batch with progress: what was to do, what is done, what is left.

    What people do with a finished run is in `ac_sync_run_result.py`.
    """

    _name = "ac.sync.run"
    _description = "ActiveCampaign Run"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            (EVERYTHING, "Everything"),
            (CHOSEN, "Chosen Objects"),
            (TRIAL, "Trial"),
        ],
        default=EVERYTHING,
        required=True,
        readonly=True,
    )
    covers = fields.Char(
        "Codes of the Objects",
        readonly=True,
        help="Names of the registry, with commas between them.",
    )
    objects = fields.Char("What It Covers", compute="_compute_objects")
    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    exclude_automations = fields.Boolean(
        "No Automations",
        readonly=True,
        help="Contacts that arrive with this run start no automation.",
    )
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
    paced_at = fields.Datetime(readonly=True)
    paced_from = fields.Integer(
        readonly=True, help="Records done when the clock of the rate was last started."
    )
    final_counts = fields.Json(readonly=True)
    settings = fields.Char(
        readonly=True, copy=False, help="What the settings were when it began."
    )
    binding_ids = fields.One2many("ac.binding", "run_id", readonly=True)
    synced = fields.Integer("Synchronised", compute="_compute_progress")
    skipped = fields.Integer(compute="_compute_progress")
    failed = fields.Integer(compute="_compute_progress")
    left = fields.Integer(
        "No Longer in Scope",
        compute="_compute_progress",
        help="Deleted, merged, or outside the account's filter since the run began.",
    )
    remaining = fields.Integer(compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Per cent done.")
    rate = fields.Integer(
        "Records per Minute", compute="_compute_progress", aggregator=None
    )
    time_left = fields.Char(compute="_compute_progress")

    @api.depends("covers")
    def _compute_objects(self):
        field = self.env["ac.binding"]._fields["object"]
        labels = dict(field._description_selection(self.env))
        for run in self:
            run.objects = ", ".join(labels[name] for name in run._covered())

    def _covered(self):
        """Return the names of the objects that the run goes through."""
        return [name for name in (self.covers or "").split(",") if name in OBJECTS]

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
        self.synced = counts.get("synced", 0)
        seen = self.remaining + self.skipped + self.failed + self.synced
        self.left = max(0, self.total - seen)
        done = self.total - self.remaining
        self.progress = 100 * done / self.total if self.total else 100
        rate = self._pace(done)
        self.rate = rate
        self.time_left = self._time_left(rate)

    def _pace(self, done):
        """Return records per minute since the run was started, or went on, last."""
        end = self.finished_at or fields.Datetime.now()
        start = self.paced_at or self.started_at or end
        return 60 * (done - self.paced_from) / max(1, (end - start).total_seconds())

    def _restart_clock(self):
        """Leave a pause out of the rate, and so out of the time left."""
        for run in self:
            done = run.total - run.remaining
            run.write({"paced_at": fields.Datetime.now(), "paced_from": done})

    def _time_left(self, rate):
        if self.state != "running" or not rate or not self.remaining:
            return False
        minutes = self.remaining / rate
        if minutes < 1:
            return self.env._("less than a minute")
        return self.env._("about %s min", round(minutes))

    @api.model
    def _start(self, config, exclude_automations=None, names=None):
        """Mark every record in the account's scope; return the run that shows it.

        :param exclude_automations: None takes the account's own choice
        :param names: only these of the objects that are switched on; None takes all
        """
        if exclude_automations is None:
            exclude_automations = config.exclude_automations
        rows = [row for row in config._objects() if not names or row.name in names]
        kind = CHOSEN if names else EVERYTHING
        run = self._open(config, kind, config.name, exclude_automations, rows)
        run.name = run._title()
        for synced_object in rows:
            run._add(synced_object, config._load_domain(synced_object))
        config._enqueue("run")
        return run

    @api.model
    def _start_trial(self, config, partners, exclude_automations=True):
        """Mark a few partners of the account's scope; return the run that shows it."""
        name = self.env._("Trial of %s", config.name)
        rows = [OBJECTS["contact"]]
        run = self._open(config, TRIAL, name, exclude_automations, rows)
        run._add(OBJECTS["contact"], [("id", "in", partners.ids)])
        config._enqueue("run")
        return run

    @api.model
    def _open(self, config, kind, name, exclude_automations, rows):
        if config.state != "confirmed":
            raise UserError(self.env._("Connect the account first."))
        return self.create(
            {
                "name": name,
                "kind": kind,
                "covers": ",".join(row.name for row in rows),
                "config_id": config.id,
                "exclude_automations": exclude_automations,
                "settings": config._settings(),
                "started_at": fields.Datetime.now(),
            }
        )

    def _title(self):
        account = self.config_id.name
        if self.kind == EVERYTHING:
            return self.env._("Everything of %s", account)
        if self.covers == "product":
            return self.env._("Products of %s", account)
        return self.env._("Orders of %s", account)

    def _add(self, synced_object, domain):
        """Mark the records of a domain for this run; one statement."""
        model = self.env[synced_object.model].sudo().with_context(active_test=True)
        query = model._search(domain)
        self.total += marks.mark_query(self.config_id, synced_object, query, self)

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
            run._restart_clock()
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
        self.env["ac.first.load"]._run_ended(self)
