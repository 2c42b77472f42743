# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, models

CARRIED = {"name", "is_company", "parent_id", "user_id"}
"""Fields of a company whose change may change the contacts of its people."""


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "ac.sync.mixin"]

    _ac_objects = ("account", "contact")

    def write(self, vals):
        result = super().write(vals)
        if CARRIED & vals.keys():
            people = self.sudo().child_ids and self.sudo().search(
                [("id", "child_of", self.ids)]
            )
            (people - self)._ac_mark(["contact"])
        return result

    def unlink(self):
        """A no belongs to the e-mail: another record with it keeps it."""
        self.env["ac.consent"]._keep_withdrawals(self)
        return super().unlink()

    def _ac_customers(self, company):
        """Return those who have a confirmed order, their own or one of their people's;
        one query.

        :param company: only orders of this company, if it is one
        """
        self.flush_model(["parent_id"])
        self.env["sale.order"].flush_model(["partner_id", "state", "company_id"])
        self.env.cr.execute(
            """
            WITH RECURSIVE line AS (
                SELECT id, id AS head FROM res_partner WHERE id = ANY(%(ids)s)
                UNION SELECT p.id, line.head
                FROM res_partner p JOIN line ON p.parent_id = line.id)
            SELECT DISTINCT line.head
            FROM line JOIN sale_order o ON o.partner_id = line.id
            WHERE o.state = 'sale' AND o.company_id = COALESCE(%(company)s, o.company_id)
            """,
            {"ids": self.ids, "company": company.id or None},
        )
        return self.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _ac_line(self):
        """Return the records and all their parents."""
        line = last = self
        while last:
            last.fetch(["parent_id"])  # of all the columns: a user waits
            last = last.parent_id - line
            line |= last
        return line


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    @api.model_create_multi
    def create(self, vals_list):
        """A new tag may come with its partners, who are not written then."""
        categories = super().create(vals_list)
        categories.partner_ids._ac_mark(["contact"])
        return categories

    def write(self, vals):
        """A renamed tag is another tag for ActiveCampaign; partners come and go."""
        if not {"name", "partner_ids"} & vals.keys():
            return super().write(vals)
        before = self._ac_everybody()
        result = super().write(vals)
        (before | self._ac_everybody())._ac_mark(["contact"])
        return result

    def unlink(self):
        """The tag of a deleted category goes."""
        self._ac_everybody()._ac_mark(["contact"])
        return super().unlink()

    def _ac_everybody(self):
        """Return the partners of all companies; tags are shared."""
        return self.sudo().with_context(active_test=False).partner_ids
