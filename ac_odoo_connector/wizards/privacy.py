# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..activecampaign import ActiveCampaignError
from ..engine import subject, subject_erasure, subject_export, vault
from ..engine.subject_erasure import needed_by
from ..engine.words import in_words

MODULE = "ac_odoo_connector"


class AcPrivacy(models.TransientModel):
    """One person's data: what there is, as a file, and how it goes."""

    _name = "ac.privacy"
    _description = "ActiveCampaign: Data of a Person"

    partner_ids = fields.Many2many("res.partner", string="Partners")
    email = fields.Char(
        "E-Mail", help="Of somebody whom only ActiveCampaign may know, or knows still."
    )
    remote_choice = fields.Selection(
        [
            ("delete", "Delete the contact"),
            ("anonymise", "Empty the contact: deals and reports stay"),
            ("keep", "Leave it as it is"),
        ],
        "In ActiveCampaign",
        default="delete",
        required=True,
    )
    with_orders = fields.Boolean("Delete Deals and E-Commerce Orders There")
    partner_choice = fields.Selection(
        [
            ("anonymise", "Empty and archive the partner"),
            ("delete", "Delete the partner"),
            ("keep", "Leave the partner as it is"),
        ],
        "In Odoo",
        default="anonymise",
        required=True,
        help="Links, events, engagement, consent and notes of ActiveCampaign are deleted "
        "in any case.",
    )
    reference = fields.Char(help="Of the request, for the audit trail. No name.")
    looked_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("ac.privacy.line", "wizard_id", readonly=True)

    def write(self, vals):
        """The preview was one of somebody else."""
        if {"partner_ids", "email"} & vals.keys():
            vals = {"looked_at": False, **vals}
        return super().write(vals)

    # What there is ----------------------------------------------------------------

    def _person(self):
        """Return the `engine.subject.Subject`.

        :raise AccessError: the user may not
        :raise UserError: nobody was named
        """
        self.ensure_one()
        self._check_manager()
        self.check_access("read")
        self.partner_ids.check_access("read")
        email = email_normalize(self.email or "")
        if self.email and not email:
            raise UserError(self.env._("“%s” is no e-mail address.", self.email))
        if not self.partner_ids and not email:
            raise UserError(self.env._("Choose a partner or enter an e-mail address."))
        return subject.find(self.partner_ids, {email} if email else ())

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group(f"{MODULE}.group_manager"):
            raise AccessError(
                self.env._("This takes the role “Manager” of ActiveCampaign.")
            )

    def action_preview(self):
        """Count what there is on both sides; nothing is changed."""
        person = self._person()
        self.line_ids.unlink()
        self.env["ac.privacy.line"].create(
            [
                {"wizard_id": self.id, "place": place, "what": what, "count": count}
                for place, what, count in self._counted(person)
            ]
        )
        self.looked_at = fields.Datetime.now()
        return self._reopened()

    def _counted(self, person):
        """Yield ``(place, what, how many)``; a problem as 0 of what it says."""
        yield "Odoo", self.env._("Partners"), len(person.partners)
        for model, records in subject.holdings(person).items():
            if records:
                yield "Odoo", self.env._(subject.HOLDINGS[model]), len(records)
        if orders := subject_erasure.order_links(person).filtered("remote_id"):
            yield "Odoo", self.env._("Linked deals and orders"), len(orders)
        for part in subject_export.there(person):
            count = len(part["records"])
            yield part["place"], part["problem"] or part["title"], count

    def _reopened(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Data of a Person"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_export(self):
        """Save what both sides know of the person as a file."""
        self._person()
        return self._address("json", "download")

    def action_read(self):
        """Show what both sides know of the person as a page."""
        self._person()
        return self._address("html", "new")

    def _address(self, kind, target):
        address = f"/ac/privacy/{self.id}.{kind}"
        return {"type": "ir.actions.act_url", "url": address, "target": target}

    def _exported(self):
        """Return what both sides know of the person; it is noted that somebody asked."""
        known = subject_export.export(self._person())
        count = sum(len(part["records"]) for part in known["parts"])
        note = self.env._("Data of a person: %s record(s)", count)
        trail = self.env["ac.trail"]
        trail._note_count("exported", self, count, note=self._noted(note))
        return known

    def _noted(self, note):
        return f"{note} ({self.reference})" if self.reference else note

    # How it goes ------------------------------------------------------------------

    def action_erase(self):
        """Erase the person on both sides, as chosen; show the trail, which tells of it.

        :raise UserError: why nothing was erased in Odoo; it may be tried again
        """
        person = self._person()
        if not self.looked_at:
            raise UserError(self.env._("Look at the preview first."))
        self._check_erasable(person)
        with self._clear_errors():
            subject_erasure.forbid(person)
        counts = {
            config: self._erase_there(config, person) for config in person.configs
        }
        rows = subject_erasure.erase_here(
            person, self.partner_choice, self.with_orders and self._is_told()
        )
        self._note_erasure(person, counts, rows)
        self._forget()
        # a new page: the one that was open may still show the person
        trail = f"/odoo/action-{MODULE}.action_ac_trail"
        return {"type": "ir.actions.act_url", "url": trail, "target": "self"}

    def _forget(self):
        """Who was asked about is not kept here."""
        self.write({"partner_ids": [Command.clear()], "email": False})
        self.line_ids.unlink()

    @contextmanager
    def _clear_errors(self):
        """:raise UserError: the vault cannot be opened, and what to do"""
        try:
            yield
        except vault.VaultError as error:
            raise UserError(str(error)) from error

    def _is_told(self):
        return self.remote_choice != "keep"

    def _check_erasable(self, person):
        """:raise UserError: an account cannot be told, or Odoo would keep a partner as
        it is: found out before anything is erased"""
        mute = person.configs.filtered(
            lambda c: c.state != "confirmed" and person.remote_ids(c)
        )
        if mute and self._is_told():
            raise UserError(
                self.env._(
                    "%s is not connected, so nothing can be erased there. Connect it, "
                    "or leave ActiveCampaign as it is.",
                    ", ".join(mute.mapped("name")),
                )
            )
        if self.partner_choice != "keep":
            self._check_no_insider(person.partners.sudo())
        needed = self.partner_choice == "delete" and needed_by(person.partners)
        if needed:
            raise UserError(
                self.env._(
                    "Odoo cannot delete the partner, because there is: %s. Empty the "
                    "partner instead.",
                    ", ".join(needed),
                )
            )

    def _check_no_insider(self, partners):
        """:raise UserError: one of them is a user, or a company of this Odoo: a person
        may have given its e-mail"""
        users = partners.user_ids.filtered("active")
        if users:
            raise UserError(
                self.env._(
                    "%s is a user of Odoo: archive the user first, or leave the partner "
                    "as it is.",
                    ", ".join(users.mapped("name")),
                )
            )
        if companies := partners.ref_company_ids:
            raise UserError(
                self.env._(
                    "%s is a company of this Odoo: leave the partner as it is.",
                    ", ".join(companies.mapped("name")),
                )
            )

    def _erase_there(self, config, person):
        """Return how many contacts of an account are erased, None if it is left alone."""
        if not self._is_told() or config.state != "confirmed":
            return None
        try:
            return subject_erasure.erase_there(
                config, person, self.remote_choice, self.with_orders
            )
        except (ActiveCampaignError, vault.VaultError) as error:
            why = str(error)
            if isinstance(error, ActiveCampaignError):
                why = in_words(error)
            raise UserError(
                self.env._(
                    "%(account)s: %(why)s Nothing was erased in Odoo yet, but the person "
                    "is not sent any more. Try again.",
                    account=config.name,
                    why=why,
                )
            ) from error

    def _note_erasure(self, person, counts, rows):
        """One line per account, none of which says who it was."""
        there = dict(self._fields["remote_choice"]._description_selection(self.env))
        here = dict(self._fields["partner_choice"]._description_selection(self.env))
        trail = self.env["ac.trail"]
        if not counts:
            trail._note_count(
                "erased", self, len(person.partners), note=self._noted("")
            )
        for config, count in counts.items():
            note = self.env._(
                "%(there)s: %(count)s contact(s). %(here)s: %(partners)s partner(s). "
                "%(rows)s row(s) of ActiveCampaign deleted.",
                there=there["keep" if count is None else self.remote_choice],
                count=count or 0,
                here=here[self.partner_choice],
                partners=len(person.partners),
                rows=rows,
            )
            trail._note(config, "erased", note=self._noted(note))

    def action_readmit(self):
        """Let an erased person be synchronised again, at their own wish."""
        self._check_manager()
        person = self._person()
        with self._clear_errors():
            emails = person.emails | person.earlier
            entries = self.env["ac.erased"]._of(person.configs, emails)
        if not entries:
            raise UserError(self.env._("Nobody with this e-mail was erased."))
        entries.unlink()
        person.partners.sudo()._ac_mark()
        linked = subject_erasure.order_links(person).mapped("res_id")
        self.env["sale.order"].sudo().browse(linked)._ac_mark()
        self._forget()
        return {"type": "ir.actions.act_window_close"}


class AcPrivacyLine(models.TransientModel):
    """One line of the preview."""

    _name = "ac.privacy.line"
    _description = "ActiveCampaign: What There Is of a Person"

    wizard_id = fields.Many2one("ac.privacy", required=True, ondelete="cascade")
    place = fields.Char("Where", readonly=True)
    what = fields.Char(readonly=True)
    count = fields.Integer("How Many", readonly=True)
