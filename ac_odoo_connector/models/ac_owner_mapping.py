# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AcOwnerMapping(models.Model):
    """Which ActiveCampaign user owns what an Odoo user sells."""

    _name = "ac.owner.mapping"
    _description = "ActiveCampaign Owner Mapping"
    _order = "config_id, user_id"
    _rec_name = "user_id"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env["ac.odoo.config"]._confirmed()[:1],
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", required=True, ondelete="cascade"
    )
    email = fields.Char("E-Mail", related="user_id.email")
    owner_id = fields.Many2one(
        "ac.metadata",
        "Owner in ActiveCampaign",
        domain="[('kind', '=', 'user'), ('config_id', '=', config_id)]",
        ondelete="set null",
        help="Empty: the account's default owner.",
    )
    owner_email = fields.Char("E-Mail There", compute="_compute_owner_email")
    is_chosen = fields.Boolean(
        "Chosen by Hand", readonly=True, help="The match by e-mail leaves it alone."
    )
    match = fields.Selection(
        [
            ("email", "By E-Mail"),
            ("chosen", "Chosen"),
            ("gone", "No Longer There"),
            ("none", "Default Owner"),
        ],
        compute="_compute_match",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_owner_mapping_unique "
            "ON ac_owner_mapping (config_id, user_id)"
        )

    @api.depends("owner_id")
    def _compute_owner_email(self):
        for row in self:
            row.owner_email = _email_of(row.owner_id)

    @api.depends("owner_id", "owner_id.active", "is_chosen")
    def _compute_match(self):
        for row in self:
            if row.owner_id and not row.owner_id.active:
                row.match = "gone"
            elif row.owner_id:
                row.match = "chosen" if row.is_chosen else "email"
            else:
                row.match = "none"

    @api.constrains("owner_id", "config_id")
    def _check_owner(self):
        for row in self:
            wrong = row.owner_id.config_id != row.config_id
            if row.owner_id and (wrong or row.owner_id.kind != "user"):
                raise ValidationError(
                    self.env._("Choose a user of the account “%s”.", row.config_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._by_hand(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._by_hand(vals))

    @api.model
    def _by_hand(self, vals):
        """Whoever names an owner, or none, without saying how has chosen it."""
        if "owner_id" in vals and "is_chosen" not in vals:
            return {**vals, "is_chosen": True}
        return vals

    def action_match_by_email(self):
        """List the salespeople of every account and match them by their e-mail."""
        self.check_access("write")
        configs = self.env["ac.odoo.config"]._confirmed()
        for config in configs:
            config._match_owners()
        rows = self.search([("config_id", "in", configs.ids)])
        return self.env["ac.odoo.config"]._notify(
            self.env._("Matched"),
            self.env._(
                "%(known)s of %(all)s salespeople have an owner in ActiveCampaign.",
                known=len(rows.filtered("owner_id")),
                all=len(rows),
            ),
        )


class AcOdooConfig(models.Model):
    _inherit = "ac.odoo.config"

    default_owner_id = fields.Many2one(
        "ac.metadata",
        domain="[('kind', '=', 'user'), ('config_id', '=', id)]",
        ondelete="set null",
        copy=False,
        tracking=True,
        help="Owns the deals of salespeople who are nobody in ActiveCampaign, and of "
        "orders without a salesperson. Empty: ActiveCampaign decides.",
    )

    def _owners(self, users):
        """Return ``{Odoo user id: AC user id}``; False stands for no user at all.

        The line of the owner mapping counts, else the e-mail, else the default owner.
        """
        owners = self._known_owners(users)
        default = self.default_owner_id.filtered("active").remote_id
        if default:
            owners = dict.fromkeys([False, *users.ids], default) | owners
        return owners

    def _known_owners(self, users):
        """Return ``{Odoo user id: AC user id}`` of those who are somebody there."""
        owners = self._owners_by_email(users)
        for row in self._owner_rows(users):
            if row.owner_id.active:
                owners[row.user_id.id] = row.owner_id.remote_id
            elif row.is_chosen and not row.owner_id:
                owners.pop(row.user_id.id, None)
        return owners

    def _owner_rows(self, users):
        rows = self.env["ac.owner.mapping"].with_context(active_test=False)
        return rows.search([("config_id", "=", self.id), ("user_id", "in", users.ids)])

    def _owners_by_email(self, users):
        people = self._people_by_email()
        found = {user.id: people.get((user.email or "").lower()) for user in users}
        return {id_: entry.remote_id for id_, entry in found.items() if entry}

    def _people_by_email(self):
        """Return ``{e-mail in lower case: ac.metadata}`` of the account's users."""
        entries = self.env["ac.metadata"]._entries(self, "user")
        known = {_email_of(entry): entry for entry in reversed(entries)}
        known.pop("", None)  # nobody is who has no e-mail
        return known

    def _match_owners(self):
        """Give every salesperson a line, matched by e-mail unless a person has chosen."""
        people = self._people_by_email()
        rows = self.env["ac.owner.mapping"].sudo().search([("config_id", "=", self.id)])
        for row in rows.filtered(lambda r: not r.is_chosen):
            owner = people.get((row.user_id.email or "").lower())
            if row.owner_id != (owner or row.owner_id.browse()):
                row.write({"owner_id": owner and owner.id, "is_chosen": False})
        missing = self._salespeople() - rows.user_id
        rows.create([self._owner_line(user, people) for user in missing])

    def _owner_line(self, user, people):
        owner = people.get((user.email or "").lower())
        return {
            "config_id": self.id,
            "user_id": user.id,
            "owner_id": owner and owner.id,
            "is_chosen": False,
        }

    def _salespeople(self):
        """Return who may sell, and who has sold; not who has left."""
        company = [("company_id", "=", self.company_id.id)] if self.company_id else []
        sold = self.env["sale.order"].sudo()._read_group(company, ["user_id"])
        users = self.env["res.users"].sudo().search([("share", "=", False)])
        may = users.filtered(lambda u: u.has_group("sales_team.group_sale_salesman"))
        return may.union(*[user for (user,) in sold]).filtered("active")


def _email_of(entry):
    return ((entry.data or {}).get("email") or "").strip().lower()
