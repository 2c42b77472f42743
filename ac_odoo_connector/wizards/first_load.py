# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.background import enqueue

STEPS = ["scope", "dry_run", "trial", "load", "result"]


class AcFirstLoad(models.Model):
    """The first load of an account as a person meets it, step by step.

    A plain model, not a transient one: a load takes longer than a browser is open,
    and whoever comes back finds it where it was. The dry run is in
    `first_load_survey.py`, the trial in `first_load_trial.py`.
    """

    _name = "ac.first.load"
    _inherit = "ac.own.account"
    _description = "ActiveCampaign First Load"
    _order = "id desc"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    config_state = fields.Selection(related="config_id.state", string="Connection")
    state = fields.Selection(
        [
            ("scope", "Scope"),
            ("dry_run", "Dry Run"),
            ("trial", "Trial of Ten"),
            ("load", "Full Run"),
            ("result", "Result"),
        ],
        default="scope",
        required=True,
        readonly=True,
    )
    partner_domain = fields.Char("Which Partners", required=True)
    may_edit = fields.Boolean(compute="_compute_may_edit")
    scope_count = fields.Integer("Partners in Scope", compute="_compute_scope")
    scope_problem = fields.Char(compute="_compute_scope")
    start_automations = fields.Boolean(
        help="Contacts that arrive may start automations of ActiveCampaign, e.g. a "
        "welcome series. Off, nobody is written to because of this load.",
    )
    run_id = fields.Many2one("ac.sync.run", readonly=True, ondelete="set null")
    run_state = fields.Selection(
        related="run_id.shown_state", string="State of the Run"
    )
    run_total = fields.Integer(related="run_id.total", string="Records")
    run_progress = fields.Float(related="run_id.progress", string="Progress")
    run_synced = fields.Integer(related="run_id.synced", string="Synchronised")
    run_skipped = fields.Integer(related="run_id.skipped", string="Skipped")
    run_failed = fields.Integer(related="run_id.failed", string="Failed")
    run_left = fields.Integer(related="run_id.left", string="No Longer in Scope")
    run_remaining = fields.Integer(related="run_id.remaining", string="Remaining")
    run_rate = fields.Integer(related="run_id.rate", string="Records per Minute")
    run_time_left = fields.Char(related="run_id.time_left", string="Time Left")
    run_mended = fields.Integer(related="run_id.mended")
    run_skip_summary = fields.Text(related="run_id.skip_summary")
    refused_ids = fields.One2many(related="run_id.refused_ids", string="Refused")
    refused_now = fields.Integer(related="run_id.refused_now")
    comparing = fields.Boolean(related="run_id.comparing")
    compared_at = fields.Datetime(related="run_id.compared_at")
    compare_linked = fields.Integer(related="run_id.compare_linked")
    compare_held = fields.Integer(related="run_id.compare_held")
    compare_problem = fields.Char(related="run_id.compare_problem")
    missing_count = fields.Integer(related="run_id.missing_count")
    account_problem = fields.Char(related="config_id.problem")
    is_working = fields.Boolean(compute="_compute_is_working")

    @api.depends("config_id")
    def _compute_display_name(self):
        for load in self:
            load.display_name = self.env._("First Load of %s", load.config_id.name)

    @api.depends_context("uid")
    def _compute_may_edit(self):
        self.may_edit = self.env.user.has_group("ac_odoo_connector.group_manager")

    @api.depends("partner_domain", "config_id")
    def _compute_scope(self):
        for load in self:
            load.scope_problem = False
            try:
                load.scope_count = load._count_scope()
            except Exception:  # whatever a person may type into a filter
                load.scope_count = 0
                load.scope_problem = self.env._("This is not a valid filter.")

    def _count_scope(self):
        """Return how many partners a run would go through with the filter as typed."""
        typed = self.config_id.new({"partner_domain": self.partner_domain})
        typed.company_id = self.config_id.company_id
        domain = [*typed._domain()]
        if typed.company_id:
            domain = [("company_id", "in", [False, typed.company_id.id]), *domain]
        # as the person who types: with all rights a filter would answer questions
        # about fields that they may not read
        partners = self.env["res.partner"].with_context(active_test=True)
        with self.env.cr.savepoint():
            return partners.search_count(domain)

    @api.depends("survey_state", "trial_state", "run_id.state", "run_id.comparing")
    def _compute_is_working(self):
        for load in self:
            load.is_working = (
                load.survey_state == "working"
                or load.trial_state in ("sending", "reading")
                or load.run_id.state == "running"
                or load.run_id.comparing
            )

    def _opened(self):
        """Return the action that shows this load."""
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _check(self):
        """:raise UserError: nothing can be set in motion, and what to do about it"""
        self.ensure_one()
        self.config_id._check_operator()
        if self.config_id.state != "confirmed":
            raise UserError(
                self.env._(
                    "“%s” is not connected. Open the account and press “Connect”, then "
                    "come back here: nothing is lost.",
                    self.config_id.name,
                )
            )

    def _go(self, state):
        self.state = state
        return True

    def action_back(self):
        """Show the step before; nothing that was done is undone."""
        self.ensure_one()
        if self.state == "result" or self.run_id.state in ("running", "paused"):
            raise UserError(self.env._("The load is under way: stop it first."))
        return self._go(STEPS[max(0, STEPS.index(self.state) - 1)])

    def action_next(self):
        """Show the next step; from the scope on, with a dry run of it."""
        self._check()
        if self.state == "scope":
            self._save_scope()
            self._start_survey()
        elif self.survey_state != "done":
            raise UserError(self.env._("The dry run is not complete yet."))
        return self._go(STEPS[STEPS.index(self.state) + 1])

    def _save_scope(self):
        """Make the filter the account's own.

        :raise UserError: nobody is in scope, or the filter is none
        """
        if self.scope_problem:
            raise ValidationError(self.scope_problem)
        if not self.scope_count:
            raise UserError(
                self.env._(
                    "No partner matches this filter, so there is nothing to load. "
                    "Remove a condition, or create partners first."
                )
            )
        if self.partner_domain != self.config_id.partner_domain:
            self.config_id.partner_domain = self.partner_domain

    # The full run -------------------------------------------------------------------

    def action_start(self):
        """Start the run over everything in scope."""
        self._check()
        runs = self.env["ac.sync.run"].sudo()
        under_way = runs.search(
            [
                ("config_id", "=", self.config_id.id),
                ("kind", "=", "everything"),
                ("state", "in", ("running", "paused")),
            ],
            limit=1,
        )
        run = under_way or runs._start(
            self.config_id, exclude_automations=not self.start_automations
        )
        self.write({"run_id": run.id, "state": "load"})
        return True

    def action_pause(self):
        """Pause the run."""
        return self.run_id.action_pause()

    def action_resume(self):
        """Go on with the run."""
        return self.run_id.action_resume()

    def action_stop(self):
        """Give up what waits for the run."""
        return self.run_id.action_stop()

    def action_retry_failed(self):
        """Send exactly the refused records once more."""
        return self.run_id.action_retry_failed()

    def action_compare(self):
        """Count which contacts ActiveCampaign holds."""
        return self.run_id.action_compare()

    def action_send_missing(self):
        """Send the contacts that ActiveCampaign does not hold any more."""
        return self.run_id.action_send_missing()

    def action_open_run(self):
        """Open the run itself."""
        return {
            "type": "ir.actions.act_window",
            "res_model": "ac.sync.run",
            "res_id": self.run_id.id,
            "views": [(False, "form")],
        }

    @api.model
    def _run_ended(self, run):
        """Show the result of a run, or what became of a trial."""
        self.search([("run_id", "=", run.id)]).write({"state": "result"})
        for load in self.search([("trial_run_id", "=", run.id)]):
            load._trial_sent()

    @api.model
    def _run_goes_on(self, run):
        """Show the progress again of a run that was opened anew."""
        self.search([("run_id", "=", run.id)]).write({"state": "load"})

    def _enqueue(self, method):
        return enqueue(self.with_user(SUPERUSER_ID), method, priority=15)
