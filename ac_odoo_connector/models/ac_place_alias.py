# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models


class AcPlaceAlias(models.Model):
    """A way to write a country or a state; ActiveCampaign knows such places as text."""

    _name = "ac.place.alias"
    _description = "ActiveCampaign Place Alias"
    _order = "name, country_id, state_id"

    name = fields.Char("Written As", required=True)
    country_id = fields.Many2one("res.country", required=True, ondelete="cascade")
    state_id = fields.Many2one(
        "res.country.state",
        ondelete="cascade",
        domain="[('country_id', '=', country_id)]",
        help="Empty: the alias means the country itself.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_place_alias_unique ON ac_place_alias "
            "(lower(name), (CASE WHEN state_id IS NULL THEN 0 ELSE country_id END))"
        )

    @api.model
    def _seed(self):
        """Add the names and codes of all countries and states that have no alias yet.

        A name that two places share goes to the first; people may correct it.
        """
        self.env.cr.execute(
            """
            INSERT INTO ac_place_alias (name, country_id, state_id)
            SELECT name->>'en_US', id, NULL::int FROM res_country
            UNION ALL SELECT code, id, NULL FROM res_country WHERE code IS NOT NULL
            UNION ALL SELECT name, country_id, id FROM res_country_state
            UNION ALL SELECT code, country_id, id FROM res_country_state
            ON CONFLICT DO NOTHING
            """
        )

    @api.model
    def _find(self, text, country=None):
        """Return the country, or with `country` its state, that `text` means.

        Empty when nobody has said what it means.
        """
        name = (text or "").strip()
        if not name:
            return self.env["res.country"]
        scope = [("state_id", "=", False)]
        if country:
            scope = [("country_id", "=", country.id), ("state_id", "!=", False)]
        alias = self.search([("name", "=ilike", _literal(name)), *scope], limit=1)
        return alias.state_id if country else alias.country_id


def _literal(text):
    for wildcard in "\\%_":
        text = text.replace(wildcard, f"\\{wildcard}")
    return text
