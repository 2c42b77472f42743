# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import erased


class AcErased(models.Model):
    """Somebody who was erased and must not come back by a synchronisation.

    Nobody can tell from an entry who it is about; `engine.erased` recognises the e-mail.
    """

    _name = "ac.erased"
    _description = "Person Erased for ActiveCampaign"
    _order = "id desc"
    _rec_name = "create_date"

    create_date = fields.Datetime("Erased On", readonly=True)
    digest = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        ondelete="cascade",
        help="Empty: for accounts without a company.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_erased_unique "
            "ON ac_erased (digest, COALESCE(company_id, 0))"
        )

    @api.model
    def _of(self, configs, emails):
        """Return the entries of people with these e-mails (normalised), for accounts;
        one of all companies heeds those of each (`erased.among`)."""
        if not emails or not self.search_count([], limit=1):
            return self.browse()
        digests = erased.digests_of(self.env, emails)
        found = self.search([("digest", "in", digests)])
        if all(config.company_id for config in configs):
            return found.filtered(lambda entry: entry.company_id in configs.company_id)
        return found

    def unlink(self):
        """A person who may come back is on the audit trail, too; nobody can tell who."""
        trail = self.env["ac.trail"].sudo()
        trail.create([{**trail._doer(self.env.user), **e._told()} for e in self])
        return super().unlink()

    def _told(self):
        return {"action": "readmitted", "company_id": self.company_id.id}
