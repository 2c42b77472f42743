# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import fields, models
from odoo.exceptions import UserError

UNSOLVED = ("open", "retrying", "dead", "ignored")
WAITING = ("open", "dead")
"""What *Retry All* repeats: neither what is on its way nor what somebody ignores."""


class AcErrorLog(models.Model):
    """What went wrong: which record, what happened, what to do.

    How entries are written is in `ac_error_log_record.py`.
    """

    _name = "ac.error.log"
    _description = "ActiveCampaign Error"
    _order = "last_seen desc, id desc"
    _rec_name = "message"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    direction = fields.Selection(
        [("push", "To ActiveCampaign"), ("pull", "From ActiveCampaign")], readonly=True
    )
    operation = fields.Char(required=True, readonly=True, help="What was being done.")
    job = fields.Char(readonly=True, help="What Retry repeats for the whole account.")
    binding_id = fields.Many2one(
        "ac.binding",
        string="Link",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    event_id = fields.Many2one(
        "ac.event", readonly=True, ondelete="set null", index="btree_not_null"
    )
    run_id = fields.Many2one(
        "ac.sync.run", readonly=True, ondelete="set null", index="btree_not_null"
    )
    res_model = fields.Char("Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Record ID", model_field="res_model", readonly=True
    )
    record_name = fields.Char(
        "Record", readonly=True, help="As it was called then; kept when it is deleted."
    )
    status = fields.Integer("HTTP Status", readonly=True, aggregator=None)
    code = fields.Char("ActiveCampaign Code", readonly=True)
    remote_text = fields.Char("ActiveCampaign Says", readonly=True)
    message = fields.Char("What Happened", required=True, readonly=True)
    hint = fields.Char("What To Do", readonly=True)
    trace = fields.Text(
        "Technical Details", readonly=True, groups="ac_odoo_connector.group_operator"
    )
    payload = fields.Text(
        "Content, Masked",
        readonly=True,
        groups="ac_odoo_connector.group_operator",
        help="What was sent, or what ActiveCampaign sent: every letter is an x, every "
        "digit a 9.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("retrying", "Tried Again"),
            ("solved", "Solved"),
            ("dead", "Given Up"),
            ("ignored", "Ignored"),
        ],
        default="open",
        required=True,
        readonly=True,
    )
    tries = fields.Integer(
        readonly=True, aggregator=None, help="The fifth failure is the last."
    )
    first_seen = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    last_seen = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    count = fields.Integer("Times", readonly=True, default=1)

    def init(self):
        self.env.cr.execute(
            """
            DROP INDEX IF EXISTS ac_error_log_open;
            CREATE INDEX IF NOT EXISTS ac_error_log_unsolved
                ON ac_error_log (config_id, job)
                WHERE state IN ('open', 'retrying', 'dead', 'ignored');
            CREATE INDEX IF NOT EXISTS ac_error_log_record
                ON ac_error_log (res_model, res_id);
            """
        )

    def action_retry(self):
        """Repeat what failed, in the same direction: links are sent again, events are
        applied again, jobs of an account run again.

        :raise UserError: none of the entries can be repeated
        """
        self.env["ac.odoo.config"]._check_operator()
        self.check_access("read")
        again = self.sudo().filtered(lambda error: error._is_repeatable())
        if not again:
            raise UserError(
                self.env._(
                    "Nothing can be repeated: the record or the content of the event "
                    "is gone, or the error is solved."
                )
            )
        again._repeat()
        again.state = "retrying"
        return self._notify_retried(len(again), len(self - again))

    def action_retry_all(self):
        """Repeat everything that is open or was given up, and that the user may see."""
        return self.search([("state", "in", WAITING)]).action_retry()

    def action_ignore(self):
        """Leave the errors alone: their repetitions are counted and alarm nobody."""
        return self._set_state("ignored", UNSOLVED)

    def action_reopen(self):
        """Care about ignored errors again."""
        return self._set_state("open", ("ignored",))

    def action_open_record(self):
        """Open the record that the error is about.

        :raise UserError: it was deleted
        """
        self.ensure_one()
        if (
            not self.res_model
            or not self.env[self.res_model].browse(self.res_id).exists()
        ):
            raise UserError(
                self.env._("“%s” does not exist any more.", self.record_name or "?")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def _set_state(self, state, before):
        self.env["ac.odoo.config"]._check_operator()
        self.check_access("read")
        self.sudo().filtered(lambda error: error.state in before).state = state
        return True

    def _is_repeatable(self):
        replayable = self.event_id and not self.event_id.payload_dropped
        return self.state != "solved" and bool(
            self.binding_id or replayable or self.job
        )

    def _repeat(self):
        links = self.binding_id
        there = links._with_record()
        (links - there)._bury()  # their object is deleted over there
        there.action_sync_now()
        events = self.event_id.filtered(lambda event: not event.payload_dropped)
        if events.filtered(lambda event: event.state != "applying"):
            events.action_replay()
        jobs = {(error.config_id, error.job) for error in self if error.job}
        for config, job in jobs:
            config._repeat_job(job)

    def _notify_retried(self, count, left):
        message = self.env._("%s error(s): what failed is repeated in a moment.", count)
        if left:
            message += " " + self.env._("%s cannot be repeated from here.", left)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
