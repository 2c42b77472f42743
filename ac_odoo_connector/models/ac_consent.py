# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.engagement_level import judge_after_commit

GRANTED, WITHDRAWN = "granted", "withdrawn"
SOURCES = [
    ("partner_form", "Partner Form"),
    ("phone", "Phone"),
    ("paper", "In Writing"),
    ("portal", "Portal"),
    ("website", "Website Form"),
    ("mailing_list", "Mailing List"),
    ("activecampaign", "ActiveCampaign"),
    ("import", "Import"),
]
SKEW = timedelta(minutes=1)  # clocks of several hosts


class AcConsent(models.Model):
    """What a person said about marketing: a log that nobody edits.

    The newest entry decides, of the partner or of its e-mail, for the list or for
    marketing in general (an entry without list).
    """

    _name = "ac.consent"
    _description = "Marketing Consent"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    email = fields.Char(
        "E-mail", index="btree_not_null", help="As it was when this was said."
    )
    list_id = fields.Many2one(
        "ac.metadata",
        domain=[("kind", "=", "list")],
        ondelete="set null",
        help="Empty: marketing in general.",
    )
    # An account that is moved forgets its lists: without the name, what was said of
    # one list would then be taken for marketing in general.
    list_name = fields.Char("Name of the List", readonly=True)
    about = fields.Char(compute="_compute_about")
    state = fields.Selection(
        [(GRANTED, "Granted"), (WITHDRAWN, "Withdrawn")], required=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    source = fields.Selection(SOURCES, required=True, default="import")
    config_id = fields.Many2one(
        "ac.odoo.config",
        "Account",
        readonly=True,
        ondelete="set null",
        help="The account in ActiveCampaign that has told it.",
    )
    text = fields.Text("Words", help="What the person has agreed to, word for word.")
    user_id = fields.Many2one(
        "res.users", "Recorded By", default=lambda self: self.env.user
    )

    @api.depends("list_name")
    @api.depends_context("lang")
    def _compute_about(self):
        for consent in self:
            consent.about = consent.list_name or self.env._("Marketing in general")

    @api.constrains("date")
    def _check_date(self):
        """:raise ValidationError: nothing said later could overrule it"""
        if any(consent.date > fields.Datetime.now() + SKEW for consent in self):
            raise ValidationError(
                self.env._("A consent cannot be dated in the future: correct its date.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Complete each entry with e-mail and list name as they are now; mark whom
        it concerns."""
        partners = self.env["res.partner"].browse(v["partner_id"] for v in vals_list)
        lists = {v["list_id"] for v in vals_list if v.get("list_id")}
        names = {each.id: each.name for each in self.env["ac.metadata"].browse(lists)}
        completed = [
            {
                "email": partner.email_normalized,
                **vals,
                "list_name": names.get(vals.get("list_id")),
            }
            for vals, partner in zip(vals_list, partners, strict=True)
        ]
        consents = super().create(completed)
        consents._mark_people()
        judge_after_commit(self.env, partners.ids)
        return consents

    def unlink(self):
        people = self._people()
        judge_after_commit(self.env, self.partner_id.ids)
        self.env["ac.trail"]._note_count("deleted", self, len(self))
        result = super().unlink()
        people.exists()._ac_mark()
        return result

    @api.model
    def _record(self, partners, state, source, **values):
        """Note what people said.

        :param values: `text`, `list_id`, `date` (UTC) where they are known
        :return: the entries
        """
        return self.sudo().create(
            [
                {"partner_id": partner.id, "state": state, "source": source, **values}
                for partner in partners
            ]
        )

    @api.model
    def _keep_withdrawals(self, partners):
        """Hand the withdrawals of partners about to go to others with the e-mail."""
        said = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("state", "=", "withdrawn"),
                ("email", "!=", False),
            ]
        )
        for entry in said:
            if heir := (partners._ac_with_email([entry.email]) - partners)[:1]:
                entry.partner_id = heir

    def _is_from(self, config):
        """Whether an account has told it, and neither Odoo nor another account."""
        account = self.config_id or self.list_id.config_id
        return self.source == "activecampaign" and account == config

    def _people(self):
        """Return the partners concerned, also the others with one of the e-mails."""
        emails = [email for email in self.mapped("email") if email]
        return self.sudo().partner_id | self.env["res.partner"]._ac_with_email(emails)

    def _mark_people(self):
        self._people()._ac_mark()

    @api.model
    def _general_state(self, partner):
        """Return what a person said last of marketing in general, or False."""
        mine = [("partner_id", "=", partner.id)]
        if partner.email_normalized:
            mine = ["|", *mine, ("email", "=", partner.email_normalized)]
        return (
            self.sudo().search([("list_name", "=", False), *mine], limit=1).state
            or False
        )

    def _valid(self):
        """Return the entries that nothing newer has overruled, newest first.

        What was said in general overrules all that was said of single lists before.
        """
        valid, seen = self.browse(), set()
        for entry in self.sorted(lambda e: (e.date, e.id), reverse=True):
            about = (entry.list_name or False, entry.list_id.id)
            if about not in seen:
                valid |= entry
                seen.add(about)
            if not entry.list_name:
                break
        return valid
