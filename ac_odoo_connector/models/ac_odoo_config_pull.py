# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..engine import marks, waiting
from ..mapping.agreement import UNITS

OWNERS = [
    ("to_ac", "Odoo: it goes to ActiveCampaign only"),
    ("both", "Both: whoever changes it"),
    ("from_ac", "ActiveCampaign: it comes from there only"),
]
EFFECTS = [
    ("record", "Nothing more: it is recorded"),
    ("lists", "Opt out of the linked Odoo mailing lists"),
    ("blacklist", "Blacklist the e-mail in Odoo"),
]


class AcOdooConfig(models.Model):
    """Who owns what of a contact, and what its word does in Odoo."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.odoo.config"

    unknown_contact = fields.Selection(
        [
            ("keep", "Keep its events until it is linked"),
            ("create", "Create a partner"),
        ],
        "Contact Without a Partner",
        default="keep",
        required=True,
        tracking=True,
        help="A partner with the contact's e-mail is linked in any case.",
    )
    pull_name = fields.Selection(
        OWNERS, "Changes of the Name", default="both", required=True, tracking=True
    )
    pull_email = fields.Selection(
        OWNERS, "Changes of the E-Mail", default="both", required=True, tracking=True
    )
    pull_phone = fields.Selection(
        OWNERS, "Changes of the Phone", default="both", required=True, tracking=True
    )
    conflict_policy = fields.Selection(
        [
            ("ask", "Ask: nothing is overwritten before somebody has chosen"),
            ("latest", "The later change wins"),
        ],
        "Changed on Both Sides",
        default="ask",
        required=True,
        tracking=True,
        help="Where a value was changed in Odoo and in ActiveCampaign since both held "
        "the same.",
    )
    unsubscribe_effect = fields.Selection(
        EFFECTS,
        "Unsubscribed in ActiveCampaign",
        default="lists",
        required=True,
        tracking=True,
        help="The withdrawal itself is always recorded and obeyed.",
    )
    harm_effect = fields.Selection(
        EFFECTS,
        "Hard Bounce or Spam Complaint",
        default="blacklist",
        required=True,
        tracking=True,
    )
    conflict_count = fields.Integer("Open Conflicts", compute="_compute_conflict_count")

    def _compute_conflict_count(self):
        groups = self.env["ac.conflict"]._read_group(
            [("config_id", "in", self.ids), ("state", "=", "open")],
            ["config_id"],
            ["__count"],
        )
        counts = {config.id: count for config, count in groups}
        for config in self:
            config.conflict_count = counts.get(config.id, 0)

    def write(self, vals):
        """What was ActiveCampaign's alone has not been told."""
        freed = self.filtered(
            lambda c: any(
                owner == "from_ac" and vals.get(f"pull_{unit}", owner) != owner
                for unit, owner in c._owner_of_units().items()
            )
        )
        result = super().write(vals)
        if freed:
            marks.mark_withheld(freed)
        return result

    def _owner_of_units(self):
        """Return ``{unit: "to_ac", "both" or "from_ac"}`` of a contact's core."""
        return {unit: self[f"pull_{unit}"] for unit in UNITS}

    def _units_from_ac(self):
        """Return the units of a contact's core that ActiveCampaign alone owns."""
        owners = self._owner_of_units().items()
        return frozenset(unit for unit, owner in owners if owner == "from_ac")

    @api.model
    def _cron_batch(self):
        """Look for events that no link has woken, too."""
        if not self._all_stopped():
            waiting.wake_linked(self.env)
        return super()._cron_batch()

    def action_view_conflicts(self):
        """Open what waits for a decision."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ac_odoo_connector.action_ac_conflict"
        )
        return {**action, "domain": [("config_id", "=", self.id)]}

    @api.model
    def _unit_labels(self):
        """Return ``{unit: label}`` of a contact's core in the user's language."""
        fields_ = self.env["res.partner"]._fields
        return {unit: fields_[unit]._description_string(self.env) for unit in UNITS}
