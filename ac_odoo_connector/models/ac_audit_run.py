# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import audit, audit_repair

PATIENCE = timedelta(days=2)


class AcAuditRun(models.Model):
    """One audit: numbers of both sides, a random sample, and what differs."""

    _name = "ac.audit.run"
    _inherit = ["ac.comparison.mixin"]
    _description = "ActiveCampaign Audit"
    _order = "id desc"
    _rec_name = "started_at"

    phase = fields.Selection(
        [
            ("tags", "Counting contacts by tag"),
            ("deals", "Adding up open deals"),
            ("products", "Counting products"),
            ("orders", "Counting orders"),
            ("sample", "Comparing a random sample"),
        ],
        readonly=True,
    )
    steps = fields.Integer(readonly=True)
    sampled = fields.Integer("Records Compared", readonly=True)
    compared = fields.Integer("Values Compared", readonly=True)
    differences = fields.Integer(readonly=True)
    unlisted = fields.Integer(
        "Not Listed", readonly=True, help="Differences beyond the first of each kind."
    )
    agreement = fields.Float(
        "Equal Values (%)",
        readonly=True,
        digits=(5, 2),
        aggregator="avg",
        help="Of the values of the random sample, so many are the same on both sides.",
    )
    result = fields.Selection(
        [("equal", "Equal"), ("different", "Different")],
        compute="_compute_result",
        store=True,
    )
    repaired_at = fields.Datetime(readonly=True)
    repairable = fields.Boolean(compute="_compute_repairable", compute_sudo=True)
    check_ids = fields.One2many("ac.audit.check", "run_id", readonly=True)
    line_ids = fields.One2many(
        "ac.audit.line",
        "run_id",
        readonly=True,
        groups="ac_odoo_connector.group_operator",
    )

    @api.depends("state", "differences", "check_ids.state")
    def _compute_result(self):
        for run in self:
            wrong = run.differences or "different" in run.check_ids.mapped("state")
            result = "different" if wrong else "equal"
            run.result = run.state == "done" and result

    @api.depends("line_ids.done", "state")
    def _compute_repairable(self):
        for run in self:
            todo = run.line_ids.filtered(lambda line: not line.done)
            run.repairable = bool(run.state != "running" and todo)

    @api.model
    def _start(self, config):
        """Begin an audit unless one is under way; return it.

        One that nobody could end is given up after two days, or there would never be
        another one.
        """
        running = self._running(config)
        if running and running.started_at > fields.Datetime.now() - PATIENCE:
            return running
        running._finish("failed", self.env._("It could not be ended in two days."))
        position = audit.first(config)
        values = {
            "config_id": config.id,
            "started_at": fields.Datetime.now(),
            "position": position,
            "phase": position and position["phase"],
        }
        with self._alone():
            run = self.create(values)
        if not position:
            run._finish("done")
        return run

    def _note(self, step, position):
        """Keep what a step has found, with where it goes on.

        :param step: `engine.audit_step.Step`
        :param position: None at the end
        """
        spoken = self.with_context(lang=self.config_id._notes_lang()).env
        lines, checks = spoken["ac.audit.line"], spoken["ac.audit.check"]
        lines.create([{"run_id": self.id, **lines._values(f)} for f in step.found])
        checks.create([{"run_id": self.id, **checks._values(c)} for c in step.checks])
        self.write(
            {
                "steps": self.steps + 1,
                "sampled": self.sampled + step.sampled,
                "compared": self.compared + step.compared,
                "differences": self.differences + len(step.found) + step.more,
                "unlisted": self.unlisted + step.more,
                "position": position or False,
                "phase": (position or {}).get("phase", self.phase),
            }
        )
        if position is None:
            self._finish("done")

    def _finish(self, state, message=False):
        self._forget_seen()
        for run in self:
            wrong = self.env["ac.audit.line"].search_count(
                [("run_id", "=", run.id), ("sampled", "=", True)]
            )
            run.write(
                {
                    "state": state,
                    "finished_at": fields.Datetime.now(),
                    "message": message,
                    "position": False,
                    "agreement": _percent(run.compared - wrong, run.compared),
                }
            )

    # What was seen ----------------------------------------------------------------

    def _saw(self, kind, rows):
        """Remember objects: ``{AC id: data}``; the last word counts."""
        self.env.cr.execute(
            """
            INSERT INTO ac_audit_seen (run_id, kind, remote_id, data)
            SELECT %s, %s, unnest(%s::varchar[]), unnest(%s::text[])::jsonb
            ON CONFLICT (run_id, kind, remote_id) DO UPDATE SET data = EXCLUDED.data
            """,
            (self.id, kind, list(rows), [json.dumps(data) for data in rows.values()]),
            log_exceptions=False,  # titles of deals may name people
        )

    def _count_seen(self, kind):
        self.env.cr.execute(
            "SELECT count(*) FROM ac_audit_seen WHERE run_id = %s AND kind = %s",
            (self.id, kind),
        )
        return self.env.cr.fetchone()[0]

    def _forget_seen(self):
        self.env.cr.execute(
            "DELETE FROM ac_audit_seen WHERE run_id = ANY(%s)", (self.ids,)
        )

    # Buttons ----------------------------------------------------------------------

    def action_stop(self):
        """End the audit here; what was found so far stays."""
        self.config_id._check_operator()
        self.sudo().filtered(lambda r: r.state == "running")._finish("stopped")
        return True

    def action_repair(self):
        """Mark both sides where something differs: what ActiveCampaign has changed is
        taken in, what Odoo has to tell is told again.

        :raise UserError: the audit is under way
        """
        self.ensure_one()
        self.config_id._check_operator()
        if self.state == "running":
            raise UserError(self.env._("Wait until the audit has ended, or stop it."))
        self.check_access("read")
        lines = self.sudo().line_ids.filtered(lambda line: not line.done)
        for line, done in audit_repair.repair(lines).items():
            line.done = done
        self.sudo().repaired_at = fields.Datetime.now()
        counts = {
            done: lines.mapped("done").count(done) for done in ("inbox", "outbox")
        }
        return self.config_id._notify(
            self.env._("Repair Started"),
            self.env._(
                "%(inbox)s taken in, %(outbox)s told again; the others are for a person.",
                **counts,
            ),
        )

    def action_view_lines(self):
        """Open the differences of this audit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_audit_line"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    def action_export_csv(self):
        """Download the numbers and the differences as one file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/ac/audit/{self.id}.csv",
            "target": "download",
        }


def _percent(part, whole):
    return 100 * part / whole if whole else 100
