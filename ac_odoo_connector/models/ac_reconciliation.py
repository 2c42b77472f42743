# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import reconcile
from ..mapping.registry import OBJECTS

LINES_PER_KIND = 100
"""Of each kind of difference so many are listed; all are counted."""


class AcReconciliation(models.Model):
    """One comparison of everything that is linked, and what it has found."""

    _name = "ac.reconciliation"
    _inherit = ["ac.comparison.mixin"]
    _description = "ActiveCampaign Reconciliation"
    _order = "id desc"
    _rec_name = "started_at"

    since = fields.Datetime(
        "New Since",
        readonly=True,
        help="Contacts that are older than this and unknown here are only counted.",
    )
    phase = fields.Selection(
        [
            ("contacts", "Comparing contacts"),
            ("gone_contacts", "Looking for deleted contacts"),
            ("lists", "Comparing lists"),
            ("deals", "Comparing deals"),
            ("gone_deals", "Looking for deleted deals"),
        ],
        readonly=True,
    )
    pages = fields.Integer("Requests", readonly=True)
    looked_at = fields.Integer(readonly=True)
    counts = fields.Json(readonly=True)
    stored = fields.Integer(
        "Taken In", readonly=True, help="Changes of ActiveCampaign that became events."
    )
    told = fields.Integer(
        "Told Again", readonly=True, help="Records that Odoo sends once more."
    )
    reported = fields.Integer(
        "Only Reported", readonly=True, help="Differences that were left as they are."
    )
    summary = fields.Text("Differences", compute="_compute_summary")
    line_ids = fields.One2many("ac.reconciliation.line", "reconciliation_id")

    @api.depends("counts")
    def _compute_summary(self):
        kinds = dict(
            self.env["ac.reconciliation.line"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        for record in self:
            counts = record.counts or {}
            lines = [
                f"{label}: {counts[k]}" for k, label in kinds.items() if k in counts
            ]
            record.summary = "\n".join(lines) or self.env._("None")

    @api.model
    def _start(self, config):
        """Begin a reconciliation unless one is under way; return it."""
        running = self._running(config)
        if running:
            return running
        done = [("config_id", "=", config.id), ("state", "=", "done")]
        last = self.search(done, limit=1)
        position = reconcile.begin(config, reconcile.PHASES[0])
        values = {
            "config_id": config.id,
            "started_at": fields.Datetime.now(),
            "since": last.started_at or config.create_date,
            "position": position,
            "phase": position["phase"],
        }
        with self._alone():
            return self.create(values)

    def _note(self, outcomes, position, looked_at):
        """Count and list what was done about the findings of a page; one transaction.

        :param outcomes: of `engine.hearing.hear`
        :param position: the next one, None at the end
        """
        counts = dict(self.counts or {})
        lines = []
        for finding, done in outcomes:
            counts[finding.kind] = counts.get(finding.kind, 0) + 1
            if counts[finding.kind] <= LINES_PER_KIND:
                lines.append(self._line(finding, done))
        self.env["ac.reconciliation.line"].create(lines)
        did = [done for _finding, done in outcomes]
        values = {
            "counts": counts,
            "stored": self.stored + did.count("stored"),
            "told": self.told + did.count("told"),
            "reported": self.reported + did.count("known"),
            "pages": self.pages + 1,
            "looked_at": self.looked_at + looked_at,
            "position": position or False,
            "phase": (position or {}).get("phase", self.phase),
        }
        self.write(values)
        if position is None:
            self._finish("done")

    def _line(self, finding, done):
        return {
            "reconciliation_id": self.id,
            "kind": finding.kind,
            "done": done,
            "object": finding.object,
            "remote_id": finding.remote_id,
            "res_model": OBJECTS[finding.object].model,
            "res_id": finding.res_id,
        }

    def _finish(self, state, message=False):
        self.write(
            {"state": state, "finished_at": fields.Datetime.now(), "message": message}
        )
        self.env.cr.execute(
            "DELETE FROM ac_reconciliation_seen WHERE reconciliation_id = ANY(%s)",
            (self.ids,),
        )
        if state == "done":
            self.env["ac.error.log"]._solve_records(self.config_id, self._name)

    # What was seen ----------------------------------------------------------------

    def _saw(self, name, records):
        """Remember the objects of a page."""
        ids = [str(record["id"]) for record in records]
        self.env.cr.execute(
            """
            INSERT INTO ac_reconciliation_seen (reconciliation_id, object, remote_id)
            SELECT %s, %s, unnest(%s::varchar[]) ON CONFLICT DO NOTHING
            """,
            (self.id, name, ids),
        )

    def _seen(self, name):
        """Return how many different objects were seen."""
        self.env.cr.execute(
            "SELECT count(*) FROM ac_reconciliation_seen "
            "WHERE reconciliation_id = %s AND object = %s",
            (self.id, name),
        )
        return self.env.cr.fetchone()[0]

    def _unseen(self, name, limit):
        """Return AC ids of links that were in step when this began and were not seen."""
        self.env.cr.execute(
            """
            SELECT b.remote_id FROM ac_binding b JOIN ac_reconciliation r ON r.id = %s
            WHERE b.config_id = r.config_id AND b.object = %s AND b.state = 'synced'
                AND b.remote_id IS NOT NULL AND b.synced_at < r.started_at
                AND NOT EXISTS (
                    SELECT 1 FROM ac_reconciliation_seen s
                    WHERE s.reconciliation_id = r.id AND s.object = b.object
                        AND s.remote_id = b.remote_id)
            ORDER BY b.id LIMIT %s
            """,
            (self.id, name, limit),
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _links(self, name, remote_ids):
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", name),
                ("remote_id", "in", remote_ids),
            ]
        )

    # Buttons ----------------------------------------------------------------------

    def action_stop(self):
        """End the comparison here; what was found so far stays."""
        self.config_id._check_operator()
        self.sudo().filtered(lambda r: r.state == "running")._finish("stopped")
        return True

    def action_view_lines(self):
        """Open the differences of this reconciliation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_reconciliation_line"
        )
        return {**action, "domain": [("reconciliation_id", "=", self.id)]}
