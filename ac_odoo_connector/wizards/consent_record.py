# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.ac_consent import GRANTED, SOURCES

BY_HAND = [pair for pair in SOURCES if pair[0] in ("partner_form", "phone", "paper")]


class AcConsentRecord(models.TransientModel):
    """Asks an operator what somebody has said about marketing."""

    _name = "ac.consent.record"
    _description = "Record a Consent or Withdrawal"

    partner_ids = fields.Many2many("res.partner", string="People", required=True)
    state = fields.Selection(
        [("granted", "Granted"), ("withdrawn", "Withdrawn")],
        required=True,
        default=GRANTED,
    )
    list_id = fields.Many2one("ac.metadata", domain=[("kind", "=", "list")])
    source = fields.Selection(BY_HAND, required=True, default="partner_form")
    text = fields.Text("Words", default=lambda self: self._default_text())
    is_barred = fields.Boolean(compute="_compute_is_barred")

    @api.model
    def _default_text(self):
        if self.env.context.get("default_state") != GRANTED:
            return False
        return self.env["ac.odoo.config"]._asking(self.env.company).consent_text

    @api.depends("partner_ids")
    def _compute_is_barred(self):
        for wizard in self:
            wizard.is_barred = any(wizard.partner_ids.mapped("ac_is_barred"))

    def action_record(self):
        """Write the entries into the log.

        :raise UserError: a consent without the words that were agreed to
        """
        self.ensure_one()
        self.env["ac.odoo.config"]._check_operator()
        if self.state == GRANTED and not (self.text or "").strip():
            raise UserError(
                self.env._(
                    "Enter the words that were agreed to: without them a consent "
                    "cannot be proven."
                )
            )
        self.partner_ids.check_access("read")
        self.list_id.check_access("read")
        self.env["ac.consent"]._record(
            self.partner_ids,
            self.state,
            self.source,
            text=self.text,
            list_id=self.list_id.id,
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
