# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    ac_consent_ids = fields.One2many(
        "ac.consent",
        "partner_id",
        string="Consents",
        groups="ac_odoo_connector.group_user",
    )
    ac_valid_consent_ids = fields.Many2many(
        "ac.consent",
        string="Valid Consents",
        compute="_compute_ac_valid_consent_ids",
        groups="ac_odoo_connector.group_user",
        help="What was said last in general, and since then of single lists.",
    )
    ac_is_barred = fields.Boolean(
        string="Blacklisted",
        compute="_compute_ac_is_barred",
        groups="ac_odoo_connector.group_user",
    )

    @api.depends("ac_consent_ids", "email_normalized")
    def _compute_ac_valid_consent_ids(self):
        consents = self.env["ac.consent"]
        emails = [email for email in self.mapped("email_normalized") if email]
        entries = consents.search(
            ["|", ("partner_id", "in", self.ids), ("email", "in", emails)]
        )
        for partner in self:
            partner.ac_valid_consent_ids = entries.filtered(
                lambda e, p=partner: (
                    e.partner_id == p._origin
                    or (e.email and e.email == p.email_normalized)
                )
            )._valid()

    @api.depends("email_normalized")
    def _compute_ac_is_barred(self):
        barred = self.env["ac.consent"].sudo()._barred(self)
        for partner in self:
            partner.ac_is_barred = partner.id in barred

    @api.model
    def _ac_with_email(self, emails):
        """Return all partners, also archived ones, with one of the normalised e-mails."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search([("email_normalized", "in", [email for email in emails if email])])
        )

    def action_ac_record_consent(self):
        """Ask what a person has agreed to."""
        return self._ac_ask_consent("granted", self.env._("Record Consent"))

    def action_ac_withdraw_consent(self):
        """Ask from what a person withdraws."""
        return self._ac_ask_consent("withdrawn", self.env._("Record Withdrawal"))

    def _ac_ask_consent(self, state, name):
        self.env["ac.odoo.config"]._check_operator()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "ac.consent.record",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_state": state, "default_partner_ids": self.ids},
        }

    def action_ac_consents(self):
        """Open all that was ever recorded of a person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_consent"
        )
        mine = [("partner_id", "=", self.id)]
        if self.email_normalized:
            mine = ["|", *mine, ("email", "=", self.email_normalized)]
        return {**action, "domain": mine, "context": {}}


class ResPartnerCategory(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "res.partner.category"

    ac_list_ids = fields.Many2many(
        "ac.metadata",
        "res_partner_category_ac_list_rel",
        string="ActiveCampaign Lists",
        domain=[("kind", "=", "list")],
        groups="ac_odoo_connector.group_user",
        help="Partners with this tag are subscribed to these lists if they have "
        "consented.",
    )
