# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AcTeamMapping(models.Model):
    """Who owns the deals of a sales team when its salespeople are nobody over there.

    A deal is in no group of users (OAS create-a-deal-new): who sees it is decided by its
    owner, and by the groups that its pipeline is open to. So a team with a group has its
    deals owned by users of that group only.
    """

    _name = "ac.team.mapping"
    _description = "ActiveCampaign Team Mapping"
    _order = "config_id, team_id"
    _rec_name = "team_id"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["ac.odoo.config"]._confirmed()[:1],
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    team_id = fields.Many2one("crm.team", "Sales Team", required=True)
    owner_id = fields.Many2one(
        "ac.metadata",
        "Owner in ActiveCampaign",
        required=True,
        ondelete="cascade",
        domain="[('kind', '=', 'user'), ('config_id', '=', config_id)]",
        help="Owns the team's deals whose salesperson is nobody in ActiveCampaign, or "
        "is not in the group.",
    )
    group_id = fields.Many2one(
        "ac.metadata",
        "User Group in ActiveCampaign",
        ondelete="set null",
        domain="[('kind', '=', 'group'), ('config_id', '=', config_id)]",
        help="Only users of this group own the team's deals. Which groups see a "
        "pipeline is set in ActiveCampaign. Empty: any user.",
    )
    members = fields.Char("Users of the Group", compute="_compute_members")

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_team_mapping_unique "
            "ON ac_team_mapping (config_id, team_id)"
        )

    @api.depends("group_id")
    def _compute_members(self):
        users = self.env["ac.metadata"].search(
            [("config_id", "in", self.config_id.ids), ("kind", "=", "user")]
        )
        for row in self:
            ids = row._ids_of_group()
            names = users._of(row.config_id).filtered(
                lambda user, ids=ids: user.remote_id in (ids or ())
            )
            row.members = ", ".join(names.mapped("name"))
            if row.group_id and ids is None:
                row.members = self.env._("ActiveCampaign does not tell")

    def _ids_of_group(self):
        """Return the AC ids of the group's users; None: no group, or nobody knows."""
        users = (self.group_id.filtered("active").data or {}).get("users")
        return None if users is None else set(users)

    @api.constrains("owner_id", "group_id", "config_id")
    def _check_entries(self):
        for row in self:
            named = row.owner_id | row.group_id
            kinds = (row.owner_id.kind, row.group_id.kind or "group")
            if named.config_id != row.config_id or kinds != ("user", "group"):
                raise ValidationError(
                    self.env._(
                        "Choose a user and a group of the account “%s”.",
                        row.config_id.name,
                    )
                )

    @api.constrains("owner_id", "group_id")
    def _check_member(self):
        for row in self:
            ids = row._ids_of_group()
            if ids is not None and row.owner_id.remote_id not in ids:
                raise ValidationError(
                    self.env._(
                        "%(owner)s is not in the group “%(group)s” of ActiveCampaign: "
                        "choose one of its users, or add the user to the group there "
                        "and refresh the metadata.",
                        owner=row.owner_id.name,
                        group=row.group_id.name,
                    )
                )

    def _owner_instead(self, owner):
        """Return the AC id of who owns a deal of the team, "" when that is as it is.

        :param owner: AC id of who stands for the salesperson, None for nobody
        """
        ids = self._ids_of_group()
        if owner and (ids is None or owner in ids):
            return ""
        return self.owner_id.filtered("active").remote_id or ""


class AcOdooConfig(models.Model):
    _inherit = "ac.odoo.config"

    def _team_owners(self, orders):
        """Return ``{order id: AC user id}`` of orders whose team decides; two queries
        more where a team is mapped, however many orders."""
        rows = self.env["ac.team.mapping"].search(
            [("config_id", "=", self.id), ("team_id", "in", orders.team_id.ids)]
        )
        by_team = {row.team_id.id: row for row in rows}
        mine = orders.filtered(lambda order: order.team_id.id in by_team)
        owners = self._known_owners(mine.user_id) if mine else {}
        found = {
            order.id: by_team[order.team_id.id]._owner_instead(
                owners.get(order.user_id.id)
            )
            for order in mine
        }
        return {id_: owner for id_, owner in found.items() if owner}
