# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import survey
from ..engine.background import told
from ..mapping.registry import OBJECTS
from ..mapping.skip import REASONS

BUDGET_SECONDS = 50
KEEP_DAYS = 30
OUTCOMES = [
    ("new", "New"),
    ("found", "Found there, will be linked"),
    ("changed", "Changed"),
    ("unchanged", "Unchanged"),
    ("skipped", "Skipped"),
    ("failed", "Cannot be sent"),
]
CONSENT = [
    ("subscribe", "Will be subscribed"),
    ("unsubscribe", "Will be unsubscribed"),
    ("no_list", "On no list"),
]
SENDABLE = ("new", "found", "changed", "unchanged")


class AcFirstLoad(models.Model):
    """The dry run: what would happen, with nothing sent and nothing linked."""

    _inherit = "ac.first.load"

    survey_state = fields.Selection(
        [
            ("none", "Not Started"),
            ("working", "Under Way"),
            ("done", "Complete"),
            ("failed", "Interrupted"),
        ],
        string="Dry Run",
        default="none",
        required=True,
        readonly=True,
    )
    survey_problem = fields.Char(readonly=True)
    surveyed_at = fields.Datetime("Dry Run of", readonly=True)
    leg = fields.Integer(readonly=True)
    cursor = fields.Integer(readonly=True)
    reading = fields.Selection(
        [("page", "Page by Page"), ("email", "One by One"), ("offset", "By Offset")]
    )
    total = fields.Integer(readonly=True)
    looked_at = fields.Integer("Records Looked At", readonly=True)
    contacts_total = fields.Integer("To Look Up", readonly=True)
    contacts_read = fields.Integer("Looked Up in ActiveCampaign", readonly=True)
    survey_progress = fields.Float(compute="_compute_survey_progress")
    sendable_count = fields.Integer("To Be Sent", compute="_compute_sendable_count")
    line_ids = fields.One2many(
        "ac.first.load.line",
        "load_id",
        domain=[("kind", "=", "outcome")],
        readonly=True,
    )
    consent_line_ids = fields.One2many(
        "ac.first.load.line",
        "load_id",
        domain=[("kind", "=", "consent")],
        readonly=True,
    )

    @api.depends("total", "looked_at", "contacts_total", "contacts_read")
    def _compute_survey_progress(self):
        for load in self:
            done = min(load.looked_at, load.total) + load.contacts_read
            work = load.total + max(load.contacts_total, load.contacts_read)
            load.survey_progress = 100 * done / work if work else 0

    @api.depends("line_ids.count")
    def _compute_sendable_count(self):
        for load in self:
            sendable = load.line_ids.filtered(
                lambda line: line.outcome in SENDABLE and line.object == "contact"
            )
            load.sendable_count = sum(sendable.mapped("count"))

    def action_survey(self):
        """Look at everything anew."""
        self._check()
        self._start_survey()
        return True

    def action_survey_go_on(self):
        """Go on with a dry run that was interrupted."""
        self._check()
        self.write({"survey_state": "working", "survey_problem": False})
        self._enqueue("_job_survey")
        return True

    def _start_survey(self):
        self._forget_records()
        self.write(
            {
                "survey_state": "working",
                "survey_problem": False,
                "surveyed_at": False,
                "leg": 0,
                "cursor": 0,
                "total": self._count_all(),
                "looked_at": 0,
                "contacts_total": 0,
                "contacts_read": 0,
            }
        )
        self._enqueue("_job_survey")

    def _count_all(self):
        """Return how many records of all objects are looked at."""
        config = self.config_id.sudo().with_context(active_test=True)
        return sum(
            config.env[row.model].search_count(config._load_domain(row))
            for row in config._objects()
            if row.model == "res.partner"
        )

    def _forget_records(self):
        self.env["ac.first.load.line"].sudo().search(
            [("load_id", "in", self.ids)]
        ).unlink()
        self.env.cr.execute(
            "DELETE FROM ac_first_load_record WHERE load_id = ANY(%s)", (self.ids,)
        )
        self.env["ac.first.load.record"].invalidate_model(flush=False)

    def _job_survey(self):
        """Survey until the time of a job is up, then hand over to the next."""
        with told(self, "survey_problem", {"survey_state": "failed"}):
            if survey.go_on(self, BUDGET_SECONDS):
                self._enqueue("_job_survey")

    def _surveyed(self):
        """Sum the rows up; choose the first ten that can be sent for the trial."""
        records = self.env["ac.first.load.record"]
        self._count_lines(records)
        first = records.search(
            [
                ("load_id", "=", self.id),
                ("object", "=", "contact"),
                ("outcome", "in", SENDABLE),
            ],
            order="id",
            limit=10,
        )
        self.write(
            {
                "survey_state": "done",
                "survey_problem": False,
                "surveyed_at": fields.Datetime.now(),
                "trial_partner_ids": self.trial_partner_ids or first.partner_id,
            }
        )

    def _count_lines(self, records):
        mine = [("load_id", "=", self.id)]
        lines = [
            {
                "kind": "outcome",
                "object": object_name,
                "outcome": outcome,
                "reason": reason,
                "count": count,
            }
            for object_name, outcome, reason, count in records._read_group(
                mine, ["object", "outcome", "reason"], ["__count"]
            )
        ]
        sendable = [*mine, ("object", "=", "contact"), ("outcome", "in", SENDABLE)]
        lines += [
            {
                "kind": "consent",
                "object": "contact",
                "consent": consent,
                "count": count,
            }
            for consent, count in records._read_group(
                sendable, ["consent"], ["__count"]
            )
        ]
        self.env["ac.first.load.line"].create(
            [{"load_id": self.id, **line} for line in lines]
        )

    @api.autovacuum
    def _forget_old(self):
        """Delete loads that nobody has touched for a month, with all their rows."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        old = self.search([("write_date", "<", limit)])
        old._forget_records()
        old.unlink()


class AcFirstLoadLine(models.Model):
    """How many records would meet one fate."""

    _name = "ac.first.load.line"
    _description = "ActiveCampaign Dry Run: Count"
    _order = "kind desc, object desc, outcome_order, count desc, id"

    load_id = fields.Many2one("ac.first.load", required=True, ondelete="cascade")
    kind = fields.Selection(
        [("outcome", "Outcome"), ("consent", "Consent")], required=True
    )
    object = fields.Selection([(row.name, row.label) for row in OBJECTS.values()])
    outcome = fields.Selection(OUTCOMES)
    outcome_order = fields.Integer(compute="_compute_outcome_order", store=True)
    consent = fields.Selection(CONSENT)
    reason = fields.Char("Code of the Reason")
    reason_label = fields.Char("Reason", compute="_compute_reason_label")
    count = fields.Integer("Records")

    @api.depends("outcome")
    def _compute_outcome_order(self):
        order = [name for name, _label in OUTCOMES]
        for line in self:
            known = line.outcome in order
            line.outcome_order = order.index(line.outcome) if known else 0

    @api.depends("reason")
    def _compute_reason_label(self):
        labels = dict(
            self.env["ac.binding"]
            ._fields["skip_reason"]
            ._description_selection(self.env)
        )
        for line in self:
            line.reason_label = labels.get(line.reason, line.reason)

    def action_open(self):
        """List the records behind the number: partners, or rows with their error."""
        self.ensure_one()
        if self.outcome == "failed":
            action = "ac_odoo_connector.action_ac_first_load_record"
            action = self.env["ir.actions.act_window"]._for_xml_id(action)
            return {**action, "domain": self._record_domain()}
        return {
            "type": "ir.actions.act_window",
            "name": self.reason_label or self._label(),
            "res_model": "res.partner",
            "views": [(False, "list"), (False, "form")],
            "domain": [("ac_survey_ids", "any", self._record_domain())],
        }

    def _label(self):
        name = self.kind
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _record_domain(self):
        mine = [("load_id", "=", self.load_id.id), ("object", "=", self.object)]
        if self.kind == "consent":
            return [*mine, ("outcome", "in", SENDABLE), ("consent", "=", self.consent)]
        return [*mine, ("outcome", "=", self.outcome), ("reason", "=", self.reason)]


class AcFirstLoadRecord(models.Model):
    """What a dry run says of one record."""

    _name = "ac.first.load.record"
    _inherit = "ac.guarded"
    _description = "ActiveCampaign Dry Run: Record"
    _log_access = False
    _order = "id"
    _rec_name = "partner_id"

    load_id = fields.Many2one("ac.first.load", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="load_id.company_id")
    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values()], required=True
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    identity = fields.Char("E-Mail")
    outcome = fields.Selection(OUTCOMES, required=True)
    reason = fields.Selection(REASONS)
    detail = fields.Char("What Is Wrong")
    consent = fields.Selection(CONSENT)
    remote_id = fields.Char("ActiveCampaign ID")

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_first_load_record_record
                ON ac_first_load_record (load_id, object, partner_id);
            CREATE INDEX IF NOT EXISTS ac_first_load_record_identity
                ON ac_first_load_record (load_id, identity);
            """
        )
