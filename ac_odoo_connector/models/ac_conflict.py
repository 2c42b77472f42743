# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import pull_choice, pull_rules


class AcConflict(models.Model):
    """A value that both sides have changed: nothing is overwritten before a person, or
    the next change over there, has settled it."""

    _name = "ac.conflict"
    _description = "ActiveCampaign Conflict"
    _order = "id desc"
    _rec_name = "label"

    config_id = fields.Many2one(
        "ac.odoo.config",
        string="Account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="config_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade", index=True
    )
    unit = fields.Char(
        required=True,
        readonly=True,
        help="name, email, phone, or the id of a field in ActiveCampaign.",
    )
    label = fields.Char("Field", required=True, readonly=True)
    kind = fields.Selection(
        [("both", "Changed on both sides"), ("taken", "E-mail of another partner")],
        required=True,
        readonly=True,
        default="both",
    )
    odoo_value = fields.Text("In Odoo", readonly=True)
    ac_value = fields.Text("In ActiveCampaign", readonly=True)
    odoo_changed_at = fields.Datetime("Changed in Odoo", readonly=True)
    ac_changed_at = fields.Datetime("Changed in ActiveCampaign", readonly=True)
    other_partner_id = fields.Many2one(
        "res.partner", "Has This E-mail", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("odoo", "Odoo's Kept"),
            ("ac", "ActiveCampaign's Taken"),
            ("settled", "Settled by Itself"),
        ],
        required=True,
        readonly=True,
        default="open",
    )
    resolved_at = fields.Datetime("Settled", readonly=True)
    resolved_by_id = fields.Many2one("res.users", "Settled By", readonly=True)

    def init(self):
        self.env.cr.execute(
            """
            CREATE UNIQUE INDEX IF NOT EXISTS ac_conflict_open
                ON ac_conflict (config_id, partner_id, unit) WHERE state = 'open'
            """
        )

    @api.model
    def _open_of(self, config, partners):
        """Return the open conflicts of partners; one query."""
        return self.search(
            [
                ("config_id", "=", config.id),
                ("partner_id", "in", partners.ids),
                ("state", "=", "open"),
            ]
        )

    @api.model
    def _open_here(self, config, partner):
        """Return the open conflicts of one partner of a chunk: most have none, and one
        query in a transaction finds out who has."""
        known = self.env.cr.cache.setdefault("ac_conflicts", {})
        if config.id not in known:
            rows = self._read_group(
                [("config_id", "=", config.id), ("state", "=", "open")], ["partner_id"]
            )
            known[config.id] = {row[0].id for row in rows}
        if partner.id not in known[config.id]:
            return self.browse()
        return self._open_of(config, partner)

    @api.model
    def _open(self, values):
        """Note a conflict of a chunk."""
        known = self.env.cr.cache.get("ac_conflicts", {})
        known.get(values["config_id"], set()).add(values["partner_id"])
        return self.create(values)

    @api.model
    def _units_of(self, config, partners):
        """Return ``{partner id: frozenset of units}`` that wait for a decision."""
        return self._open_of(config, partners)._units()

    def _undecided(self):
        """Return those that nobody is deciding at the moment, locked; one query."""
        if not self:
            return self
        self.env.cr.execute(
            "SELECT id FROM ac_conflict WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED",
            (self.ids,),
        )
        return self.browse(id_ for (id_,) in self.env.cr.fetchall())

    def _units(self):
        found = self.grouped("partner_id")
        return {p.id: frozenset(rows.mapped("unit")) for p, rows in found.items()}

    @api.model
    def _labels_of(self, bindings):
        """Return ``{link of a contact: labels of what waits for a decision}``."""
        contacts = bindings.filtered(lambda b: b.object == "contact")
        domain = [("partner_id", "in", contacts.mapped("res_id"))]
        found = self.search([*domain, ("state", "=", "open")]).grouped(
            lambda conflict: (conflict.config_id, conflict.partner_id.id)
        )
        return {
            binding: conflicts.mapped("label")
            for binding in contacts
            if (conflicts := found.get((binding.config_id, binding.res_id)))
        }

    def _settle(self, state):
        self.write(
            {
                "state": state,
                "resolved_at": fields.Datetime.now(),
                "resolved_by_id": state != "settled" and self.env.uid,
            }
        )

    def _choose(self, state):
        """Check that these can be decided now; return them with full rights."""
        self.config_id._check_operator()
        if any(conflict.state != "open" for conflict in self):
            raise UserError(self.env._("This conflict has been settled already."))
        self.check_access("read")
        chosen = self.sudo()
        for config, conflicts in chosen.grouped("config_id").items():
            pull_choice.renew(config, conflicts)
        chosen.write(
            {
                "state": state,
                "resolved_at": fields.Datetime.now(),
                "resolved_by_id": self.env.uid,
            }
        )
        return chosen

    def action_keep_odoo(self):
        """Tell ActiveCampaign Odoo's values."""
        for conflict in self._choose("odoo"):
            heard = {conflict.unit: conflict.ac_value or ""}
            pull_choice.tell_again(conflict._link(), [conflict.unit], heard)
        return True

    def action_take_ac(self):
        """Write ActiveCampaign's values to the partners.

        :raise UserError: a value does not fit its field, or belongs to a user of Odoo
        """
        self.partner_id.check_access("write")
        for conflict in self:
            if reason := pull_rules.why_not(conflict.config_id, conflict.partner_id):
                raise UserError(reason)
        for conflict in self._choose("ac"):
            pull_choice.take_one(
                conflict.config_id,
                conflict.partner_id,
                conflict._link(),
                conflict.unit,
                conflict.ac_value or "",
            )
        return True

    def _link(self):
        return self.env["ac.binding"].search(
            [
                ("config_id", "=", self.config_id.id),
                ("object", "=", "contact"),
                ("res_id", "=", self.partner_id.id),
            ]
        )

    def action_open_partner(self):
        """Open the partner that the conflict is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    ac_conflict_count = fields.Integer(
        "Conflicts with ActiveCampaign",
        compute="_compute_ac_conflict_count",
        groups="ac_odoo_connector.group_user",
    )

    def _compute_ac_conflict_count(self):
        groups = self.env["ac.conflict"]._read_group(
            [("partner_id", "in", self.ids), ("state", "=", "open")],
            ["partner_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.ac_conflict_count = counts.get(partner.id, 0)

    def action_ac_conflicts(self):
        """Open what waits for a decision about this partner."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_conflict"
        )
        return {**action, "domain": [("partner_id", "=", self.id)]}
