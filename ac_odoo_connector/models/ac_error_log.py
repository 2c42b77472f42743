# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import traceback

from odoo import api, fields, models

from ..engine.words import in_words


class AcErrorLog(models.Model):
    """What went wrong: which record, what happened, what to do."""

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
    binding_id = fields.Many2one(
        "ac.binding", string="Record", readonly=True, ondelete="cascade"
    )
    operation = fields.Char(required=True, readonly=True, help="What was being done.")
    status = fields.Integer("HTTP Status", readonly=True)
    code = fields.Char("ActiveCampaign Code", readonly=True)
    message = fields.Char(required=True, readonly=True)
    hint = fields.Char("What To Do", readonly=True)
    trace = fields.Text(
        "Technical Details", readonly=True, groups="ac_odoo_connector.group_operator"
    )
    state = fields.Selection(
        [("open", "Open"), ("solved", "Solved")],
        default="open",
        required=True,
        readonly=True,
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
            "CREATE INDEX IF NOT EXISTS ac_error_log_open "
            "ON ac_error_log (binding_id) WHERE state = 'open'"
        )

    @api.model
    def _record_outcomes(self, outcomes):
        """Note failures, and solve the errors of what has succeeded.

        :param outcomes: list of `engine.outbox.Outcome`
        """
        synced = [each.binding for each in outcomes if each.state == "synced"]
        failed = {each.binding: each for each in outcomes if each.state == "failed"}
        open_ = self.search(
            [("binding_id", "in", [*synced, *failed]), ("state", "=", "open")]
        )
        open_.filtered(lambda e: e.binding_id.id in synced).state = "solved"
        bindings = self.env["ac.binding"].browse(failed)
        for binding in bindings.exists():
            values = self._values(failed[binding.id])
            known = open_.filtered(
                lambda e, b=binding, v=values: (
                    (e.binding_id, e.message) == (b, v["message"])
                )
            )
            self._note(known, {"config_id": binding.config_id.id, **values})

    @api.model
    def _record_config(self, config, error):
        """Note an error that stops a whole account."""
        values = {
            "config_id": config.id,
            "operation": self.env._("Connection"),
            **self._error_values(error),
        }
        known = self.search(
            [
                ("config_id", "=", config.id),
                ("binding_id", "=", False),
                ("message", "=", values["message"]),
                ("state", "=", "open"),
            ],
            limit=1,
        )
        self._note(known, values)

    def _note(self, known, values):
        """Count a repetition instead of writing the same error again."""
        for error in known:
            error.write({"count": error.count + 1, "last_seen": fields.Datetime.now()})
        if not known:
            self.create(values)

    @api.model
    def _values(self, outcome):
        values = {
            "binding_id": outcome.binding,
            "operation": self.env._("Odoo to ActiveCampaign"),
            "message": outcome.message,
        }
        if outcome.error:
            values |= self._error_values(outcome.error)
        return values

    @api.model
    def _error_values(self, error):
        """Return plain words first; the trace holds code places, no values."""
        frames = traceback.format_list(traceback.extract_tb(error.__traceback__))
        method, path = getattr(error, "method", ""), getattr(error, "path", "")
        return {
            "status": getattr(error, "status", 0) or 0,
            "code": getattr(error, "code", False),
            "message": getattr(error, "text", "") or in_words(error),
            "hint": getattr(error, "hint", False),
            "trace": "".join([f"{method} {path}\n" if path else "", *frames]),
        }

    def action_retry(self):
        """Send the records again, in the same direction; try the accounts again."""
        for config in (self - self.filtered("binding_id")).config_id:
            config._enqueue("run")
        return self.binding_id.action_sync_now()

    def action_open_record(self):
        """Open the Odoo record that the error is about."""
        self.ensure_one()
        return self.binding_id.action_open_record()
