# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models

from ..mapping import place


class ResPartner(models.Model):
    _inherit = "res.partner"

    ac_country_name = fields.Char(
        "Country for ActiveCampaign",
        compute="_compute_ac_place",
        help="As the place aliases spell it; the English name where they say nothing.",
    )
    ac_state_name = fields.Char(
        "State for ActiveCampaign",
        compute="_compute_ac_place",
        help="As the place aliases spell it; the name where they say nothing.",
    )
    ac_address = fields.Char(
        "Address in One Line",
        compute="_compute_ac_address",
        help="Street, street 2, ZIP and city, state and country, as ActiveCampaign "
        "spells them; empty parts are left out.",
    )

    @api.depends("country_id", "state_id")
    def _compute_ac_place(self):
        """One query for all: a chunk of partners must not cost one each."""
        countries, states = self.env["ac.place.alias"]._spellings(
            self.country_id, self.state_id
        )
        for partner in self:
            partner.ac_country_name = countries.get(partner.country_id.id, False)
            partner.ac_state_name = states.get(partner.state_id.id, False)

    @api.depends("street", "street2", "zip", "city", "ac_country_name", "ac_state_name")
    def _compute_ac_address(self):
        for partner in self:
            partner.ac_address = place.one_line(
                partner.street,
                partner.street2,
                partner.zip,
                partner.city,
                partner.ac_state_name,
                partner.ac_country_name,
            )
