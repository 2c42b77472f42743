# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The sales team of a partner: its salesperson's, as a tag of its contact.

Partners have no team of their own in Odoo. Orders take the company's salesperson where a
person has none, and so does this.
"""

from odoo import api, fields, models


class AcOdooConfig(models.Model):
    _inherit = "ac.odoo.config"

    team_tag = fields.Char(
        "Team Tag Begins With",
        tracking=True,
        help="Contacts are tagged with this and the name of their salesperson's sales "
        "team, e.g. “Team: Europe”. Empty: no team tags.",
    )

    def _team_tags_of(self, partners):
        """Return ``{partner id: tag}``; the same number of queries for any chunk."""
        begin = (self.team_tag or "").strip()
        if not begin:
            return {}
        teams = {partner.id: partner._ac_team(self.company_id) for partner in partners}
        return {id_: f"{begin} {team.name}" for id_, team in teams.items() if team}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _ac_team(self, company):
        """Return the sales team of a partner, empty if it is another company's.

        :param company: of the account, empty for all
        """
        seller = self.user_id or self.commercial_partner_id.user_id
        team = seller.sale_team_id
        foreign = company and team.company_id and team.company_id != company
        return team.browse() if foreign else team


class ResUsers(models.Model):
    _inherit = "res.users"

    def _ac_mark_customers(self):
        """Mark those whom these people sell to, and the people of their companies."""
        tagging = [("team_tag", "!=", False), ("state", "=", "confirmed")]
        if not self.env["ac.odoo.config"].sudo().search_count(tagging, limit=1):
            return
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        mine = partners.search([("user_id", "in", self.ids)])
        partners.search([("id", "child_of", mine.ids)])._ac_mark(["contact"])


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def write(self, vals):
        """A renamed team is another tag."""
        result = super().write(vals)
        if "name" in vals or "company_id" in vals:
            self._ac_members()._ac_mark_customers()
        return result

    def unlink(self):
        """PostgreSQL takes the members along; afterwards nobody knows who they were."""
        self._ac_members()._ac_mark_customers()
        return super().unlink()

    def _ac_members(self):
        members = self.sudo().with_context(active_test=False).crm_team_member_all_ids
        return members.user_id


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members.sudo().user_id._ac_mark_customers()
        return members

    def write(self, vals):
        users = self.sudo().user_id
        result = super().write(vals)
        if {"active", "crm_team_id", "user_id"} & vals.keys():
            (users | self.sudo().user_id)._ac_mark_customers()
        return result

    def unlink(self):
        self.sudo().user_id._ac_mark_customers()
        return super().unlink()
