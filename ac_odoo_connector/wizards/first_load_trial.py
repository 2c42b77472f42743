# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import trial
from ..engine.background import told

TEN = 10


class AcFirstLoad(models.Model):
    """The trial: ten partners are sent in earnest and read back."""

    _inherit = "ac.first.load"

    trial_partner_ids = fields.Many2many("res.partner", string="Partners to Try")
    trial_run_id = fields.Many2one("ac.sync.run", readonly=True, ondelete="set null")
    trial_state = fields.Selection(
        [
            ("none", "Not Started"),
            ("sending", "Sending"),
            ("reading", "Reading Back"),
            ("done", "Complete"),
            ("failed", "Not Read Back"),
        ],
        string="Trial",
        default="none",
        required=True,
        readonly=True,
    )
    trial_problem = fields.Char(readonly=True)
    value_ids = fields.One2many("ac.first.load.value", "load_id", readonly=True)
    difference_count = fields.Integer(compute="_compute_difference_count")

    @api.constrains("trial_partner_ids")
    def _check_ten(self):
        for load in self:
            if len(load.trial_partner_ids) > TEN:
                raise ValidationError(
                    self.env._("A trial takes ten partners at most: remove some.")
                )

    @api.depends("value_ids.differs")
    def _compute_difference_count(self):
        for load in self:
            load.difference_count = len(load.value_ids.filtered("differs"))

    def action_trial(self):
        """Send the chosen partners now; what arrives is read back afterwards."""
        self._check()
        if not self.trial_partner_ids:
            raise UserError(self.env._("Choose the partners to try first."))
        run = (
            self.env["ac.sync.run"]
            .sudo()
            ._start_trial(
                self.config_id,
                self.trial_partner_ids,
                exclude_automations=not self.start_automations,
            )
        )
        self.sudo().value_ids.unlink()
        self.write(
            {"trial_run_id": run.id, "trial_state": "sending", "trial_problem": False}
        )
        return True

    def action_choose_others(self):
        """Choose partners for another trial; what was sent stays where it is."""
        self._check()
        self.sudo().value_ids.unlink()
        return self.write({"trial_state": "none", "trial_problem": False})

    def action_read_back(self):
        """Read the contacts of the trial once more."""
        self._check()
        self._trial_sent()
        return True

    def _trial_sent(self):
        self.write({"trial_state": "reading", "trial_problem": False})
        self._enqueue("_job_read_back")

    def _job_read_back(self):
        """Fetch what ActiveCampaign holds of the trial's partners."""
        with told(self, "trial_problem", {"trial_state": "failed"}):
            trial.read_back(self)

    def _show_values(self, rows):
        """Store what `engine.trial` has found.

        :param rows: values of `ac.first.load.value`, in the order they are shown
        """
        commands = [
            Command.create({**row, "sequence": n}) for n, row in enumerate(rows)
        ]
        self.write(
            {
                "value_ids": [Command.clear(), *commands],
                "trial_state": "done",
                "trial_problem": False,
            }
        )


class AcFirstLoadValue(models.Model):
    """One value of one partner of a trial, on both sides."""

    _name = "ac.first.load.value"
    _inherit = "ac.guarded"
    _description = "ActiveCampaign Trial: Value"
    _order = "sequence, id"

    load_id = fields.Many2one("ac.first.load", required=True, ondelete="cascade")
    sequence = fields.Integer()
    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name = fields.Char("Field", required=True)
    odoo_value = fields.Char("Odoo Sent")
    ac_value = fields.Char("ActiveCampaign Holds")
    differs = fields.Boolean()
