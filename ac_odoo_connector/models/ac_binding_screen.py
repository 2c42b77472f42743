# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..activecampaign.pages import page_url
from ..mapping.registry import OBJECTS

NAMES = 5  # that fit into a block; everybody may share an info@ address
SHARED = tuple(row.shared for row in OBJECTS.values())


class AcBinding(models.Model):
    """What a person asks of a link: why, what to do, where, and who speaks for it.

    Everything is computed for a page of links at once.
    """

    _inherit = "ac.binding"

    remote_url = fields.Char("Page in ActiveCampaign", compute="_compute_remote_url")
    explanation = fields.Char(compute="_compute_explanation")
    remedy = fields.Char("What To Do", compute="_compute_explanation")
    main_id = fields.Many2one(
        "ac.binding",
        "Sent Through",
        compute="_compute_main_id",
        help="The main record: of several with one e-mail or name, only that is sent.",
    )
    spoken_for_ids = fields.Many2many(
        "ac.binding", string="Also Speaks For", compute="_compute_main_id"
    )
    spoken_for_names = fields.Char(compute="_compute_spoken_for_names")

    @api.depends("remote_id", "object", "config_id.ac_base_url")
    def _compute_remote_url(self):
        for binding in self:
            row = OBJECTS[binding.object]
            binding.remote_url = (
                binding.remote_id
                and row.page
                and page_url(binding.config_id.ac_base_url, row.path, binding.remote_id)
            )

    @api.depends("state", "skip_reason", "message", "tries", "next_try_at")
    def _compute_explanation(self):
        states = self._state_sentences()
        reasons = dict(self._fields["skip_reason"]._description_selection(self.env))
        remedies = self._remedies()
        undecided = self.env["ac.conflict"]._labels_of(self)
        for binding in self:
            reason = binding.skip_reason if binding.state == "skipped" else False
            detail = binding.message if reason not in SHARED else False
            said = [reasons.get(reason) or states.get(binding.state), detail]
            binding.explanation = ": ".join(part for part in said if part)
            binding.remedy = remedies.get(reason or binding.state)
            if labels := undecided.get(binding):
                binding._explain_conflict(labels)

    def _explain_conflict(self, labels):
        """Say which values are not equal, instead of a word about all of them."""
        if self.state == "synced":
            self.explanation = self.env._(
                "ActiveCampaign holds what Odoo holds, but for: %s. "
                "Both sides have changed it.",
                ", ".join(labels),
            )
            self.remedy = self.env._("Choose the value under AC Conflicts.")

    @api.model
    def _state_sentences(self):
        return {
            "pending": self.env._("Waits to be sent"),
            "sending": self.env._("On its way"),
            "sent": self.env._("Handed over; ActiveCampaign has not confirmed it yet"),
            "synced": self.env._("ActiveCampaign holds what Odoo holds"),
        }

    @api.model
    def _remedies(self):
        """Return what to do about each reason and each bad state, for people."""
        return {
            "failed": self.env._(
                "It is tried again by itself; Sync Now tries at once."
            ),
            "dead": self.env._("Mend the cause, then press Sync Now."),
            "conflict": self.env._(
                "Merge the two in ActiveCampaign, or correct the e-mail or name here; "
                "then press Sync Now."
            ),
            "archived": self.env._("If it should be sent, unarchive it."),
            "out_of_scope": self.env._(
                "If it should be sent, change the filter of the account."
            ),
            "stopped": self.env._("Press Sync Now to send it."),
            **self._remedies_of_people(),
            **self._remedies_of_sales(),
        }

    def _remedies_of_people(self):
        correct = self.env._("Correct the e-mail; it is sent as soon as you save.")
        return {
            "no_email": self.env._("Enter an e-mail; it is sent as soon as you save."),
            "bad_email": correct,
            "many_emails": self.env._("Leave one e-mail in the field."),
            "long_email": correct,
            "shared_email": self.env._(
                "The main record speaks for both. If that is wrong, give this one an "
                "e-mail of its own, or merge the two."
            ),
            "no_name": self.env._("Enter a name."),
            "shared_name": self.env._(
                "Both share one account. If they are two companies, rename one of them."
            ),
            "erased": self.env._(
                "Nothing is sent of somebody who was erased. If they want to come back, "
                "a manager readmits them: Actions ▸ ActiveCampaign: Data of the Person."
            ),
        }

    def _remedies_of_sales(self):
        return {
            "no_stage": self.env._(
                "If it should have a deal, change the stage mapping; if not, all is well."
            ),
            "no_contact": self.env._(
                "Enter an e-mail with the customer; the order follows by itself."
            ),
            "no_rate": self.env._(
                "Enter the exchange rate; the order follows by itself."
            ),
            "negative": self.env._(
                "ActiveCampaign has no place for it. Correct the order's lines."
            ),
            "shared_key": self.env._("The main record speaks for both."),
            "not_confirmed": self.env._("It is sent when it is confirmed."),
            "not_in_ac": self.env._("Add it in ActiveCampaign, then press Sync Now."),
        }

    @api.depends("is_main", "identity", "config_id", "object", "state")
    def _compute_main_id(self):
        """Two queries: the mains of those that wait, and who waits for the mains."""
        waiting = self.filtered(lambda b: b.identity and not b.is_main)
        mains = {b._key(): b for b in waiting._namesakes([("is_main", "=", True)])}
        spoken = self.filtered("is_main")._namesakes(
            [("is_main", "=", False), ("state", "=", "skipped")]
        )
        followers = spoken.grouped(lambda b: b._key())
        for binding in self:
            key = binding._key()
            binding.main_id = mains.get(key) if binding in waiting else False
            binding.spoken_for_ids = followers.get(key) if binding.is_main else False

    @api.depends("spoken_for_ids")
    def _compute_spoken_for_names(self):
        for binding in self:
            names = binding.spoken_for_ids[:NAMES].mapped("display_name")
            more = len(binding.spoken_for_ids) - NAMES
            if more > 0:
                names.append(self.env._("%s more", more))
            binding.spoken_for_names = ", ".join(names)

    def _key(self):
        return self.config_id, self.object, self.identity

    def _namesakes(self, domain):
        """Return the links with the same identities, those of other records too."""
        identities = [identity for identity in self.mapped("identity") if identity]
        if not identities:
            return self.browse()
        return self.search(
            [
                ("identity", "in", identities),
                ("config_id", "in", self.config_id.ids),
                ("object", "in", list(set(self.mapped("object")))),
                *domain,
            ],
            order="res_id",
        )

    def action_open_remote(self):
        """Open the object's page in ActiveCampaign in a new tab."""
        self.ensure_one()
        if not self.remote_url:
            raise UserError(
                self.env._("ActiveCampaign does not have this record yet: Sync Now.")
            )
        return {"type": "ir.actions.act_url", "url": self.remote_url, "target": "new"}

    def action_open_record(self):
        """Open the Odoo record behind this link.

        :raise UserError: it was deleted and the link is kept
        """
        if not self.env[self.res_model].browse(self.res_id).exists():
            raise UserError(
                self.env._("The record was deleted in Odoo; its link was kept.")
            )
        return super().action_open_record()

    def action_open_main(self):
        """Open the record that is sent instead of this one."""
        return self.main_id.action_open_record()

    def action_open_spoken_for(self):
        """Open the records that this one is sent for, too."""
        records = self.spoken_for_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Also Speaks For"),
            "res_model": self.res_model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", records.mapped("res_id"))],
            "context": {"active_test": False},
        }
