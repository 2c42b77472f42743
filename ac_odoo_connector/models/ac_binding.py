# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import identity
from ..engine.inbox import DUE as EVENT_DUE
from ..engine.outbox import DUE
from ..engine.wake import wake_after_commit
from ..mapping.registry import OBJECTS
from ..mapping.skip import REASONS

STATES = [
    ("pending", "Waiting"),
    ("sending", "Sending"),
    ("sent", "To Be Confirmed"),
    ("synced", "Synchronised"),
    ("skipped", "Skipped"),
    ("failed", "Failed"),
    ("dead", "Given Up"),
]


class AcBinding(models.Model):
    """The link between one Odoo record and one ActiveCampaign object.

    Also the outbox: a row in state *pending* is a change that has to be sent.
    Rows are written by `engine.outbox`; people only read and mark them.
    """

    _name = "ac.binding"
    _description = "ActiveCampaign Link"
    _order = "id desc"
    _rec_names_search = ["identity", "remote_id"]

    config_id = fields.Many2one(
        "ac.odoo.config", string="Account", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    object = fields.Selection(
        [(row.name, row.label) for row in OBJECTS.values()], required=True
    )
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True
    )
    remote_id = fields.Char(string="ActiveCampaign ID", readonly=True)
    identity = fields.Char(
        readonly=True,
        help="What ActiveCampaign knows the record by: its e-mail, a company's name.",
    )
    is_main = fields.Boolean(
        string="Main Record",
        readonly=True,
        help="Of several records with one e-mail, the one that is sent.",
    )
    state = fields.Selection(STATES, required=True, default="pending", readonly=True)
    priority = fields.Integer(default=0, readonly=True)
    skip_reason = fields.Selection(REASONS, readonly=True)
    message = fields.Char(readonly=True)
    tries = fields.Integer(readonly=True)
    next_try_at = fields.Datetime(readonly=True)
    claim = fields.Char(readonly=True)
    claimed_until = fields.Datetime(readonly=True)
    batch_ref = fields.Char(string="Import", readonly=True)
    fingerprint = fields.Char(readonly=True, help="Of what ActiveCampaign holds.")
    sent_fingerprint = fields.Char(readonly=True)
    sent = fields.Json(
        readonly=True,
        help="What was sent last: the identity, the tags, which values were filled.",
    )
    intended_at = fields.Datetime(
        readonly=True, help="When its object was about to be made over there."
    )
    intended_as = fields.Char(
        "Intended Title", readonly=True, help="What the object was about to be called."
    )
    origin = fields.Selection(
        [("new", "New: may start automations"), ("history", "Historical")],
        "Sent As",
        readonly=True,
        help="A person's choice for this record; empty: runs are historical.",
    )
    marked_at = fields.Datetime(readonly=True)
    synced_at = fields.Datetime(string="Last Synchronised", readonly=True)
    run_id = fields.Many2one("ac.sync.run", ondelete="set null", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_binding_record
                ON ac_binding (config_id, object, res_id);
            CREATE UNIQUE INDEX IF NOT EXISTS ac_binding_remote
                ON ac_binding (config_id, object, remote_id)
                WHERE remote_id IS NOT NULL;
            CREATE UNIQUE INDEX IF NOT EXISTS ac_binding_main
                ON ac_binding (config_id, object, identity) WHERE is_main;
            CREATE INDEX IF NOT EXISTS ac_binding_due
                ON ac_binding (config_id, object, priority, id)
                WHERE state IN ('pending', 'sending', 'failed');
            CREATE INDEX IF NOT EXISTS ac_binding_batch
                ON ac_binding (batch_ref) WHERE batch_ref IS NOT NULL;
            CREATE INDEX IF NOT EXISTS ac_binding_run
                ON ac_binding (run_id, state) WHERE run_id IS NOT NULL;
            CREATE INDEX IF NOT EXISTS ac_binding_waiting
                ON ac_binding (identity) WHERE NOT is_main AND state = 'skipped';
            CREATE INDEX IF NOT EXISTS ac_binding_told
                ON ac_binding (config_id, (sent->>'identity'))
                WHERE remote_id IS NOT NULL;
            CREATE INDEX IF NOT EXISTS ac_binding_no_rate
                ON ac_binding (res_id) WHERE skip_reason = 'no_rate';
            CREATE INDEX IF NOT EXISTS ac_binding_res
                ON ac_binding (res_model, res_id);
            """
        )

    @api.depends("res_model", "res_id")
    def _compute_display_name(self):
        for model, bindings in self.grouped("res_model").items():
            records = self.env[model].with_context(active_test=False)
            seen = records.search([("id", "in", bindings.mapped("res_id"))])
            names = {record.id: record.display_name for record in seen}
            for binding in bindings:
                unseen = self.env._("Record %s", binding.res_id)
                binding.display_name = names.get(binding.res_id, unseen)

    @api.model
    def _of(self, records):
        """Return the bindings of records of one model."""
        return self.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )

    @api.model
    def _merge(self, sources, target):
        """Leave `target` one link per account: the one that has a contact over there."""
        keep = {}
        candidates = self._of(target) + self._of(sources)
        for binding in candidates.sorted(lambda b: not b.remote_id):
            keep.setdefault((binding.config_id, binding.object), binding)
        kept = self.browse([binding.id for binding in keep.values()])
        dropped = candidates - kept
        freed = [
            (b.config_id.ids, b.object, [b.identity]) for b in dropped if b.is_main
        ]
        dropped.unlink()
        for free in freed:
            identity.hand_over(self.env, *free)
        kept.res_id = target.id
        target._ac_mark()

    @api.model
    def _missed(self, config, synced_object):
        """Return the query of records in scope that changed without a mark."""
        model = self.env[synced_object.model].with_context(active_test=True)
        query = model._search(config._domain(synced_object))
        table = SQL.identifier(model._table)
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT 1 FROM ac_binding b
                    WHERE b.config_id = %s AND b.object = %s AND b.res_id = %s.id
                        AND b.marked_at >= %s.write_date)""",
                config.id,
                synced_object.name,
                table,
                table,
            )
        )
        return query

    @api.model
    def _jobs_due(self, config):
        """Return the names of the jobs that have something to do for an account."""
        self.env.cr.execute(
            SQL(
                """
                SELECT
                    EXISTS (SELECT 1 FROM ac_mark) OR EXISTS (
                        SELECT 1 FROM ac_binding b WHERE b.config_id = %(id)s
                        AND b.priority = 0 AND %(due)s) AS push,
                    EXISTS (SELECT 1 FROM ac_binding b WHERE b.config_id = %(id)s
                        AND b.priority > 0 AND %(due)s) AS run,
                    EXISTS (SELECT 1 FROM ac_binding b WHERE b.config_id = %(id)s
                        AND b.batch_ref IS NOT NULL) AS collect,
                    EXISTS (SELECT 1 FROM ac_event e WHERE e.config_id = %(id)s
                        AND %(event_due)s) AS inbox
                """,
                id=config.id,
                due=DUE,
                event_due=EVENT_DUE,
            )
        )
        return [job for job, due in self.env.cr.dictfetchone().items() if due]

    def _bury(self):
        """Leave the links of deleted records to the engine: the account's policy says
        what becomes of their objects."""
        self.write(
            {"state": "pending", "priority": 0, "identity": False, "is_main": False}
        )
        wake_after_commit(self.env, self.config_id.ids, "push")

    def _explanation(self):
        """Return in one sentence why a record is where it is."""
        self.ensure_one()
        reason = dict(self._fields["skip_reason"]._description_selection(self.env))
        parts = [reason.get(self.skip_reason), self.message]
        return ": ".join(part for part in parts if part)

    def action_sync_now(self):
        """Mark the linked records, also those that were given up."""
        self.config_id._check_operator()
        for model, bindings in self.grouped("res_model").items():
            self.env[model].browse(bindings.mapped("res_id")).exists()._ac_mark()
        return self._notify_marked(len(self))

    def action_open_record(self):
        """Open the Odoo record behind this link."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    @api.model
    def _notify_marked(self, count):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%s record(s) will be sent to ActiveCampaign in a moment.", count
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
