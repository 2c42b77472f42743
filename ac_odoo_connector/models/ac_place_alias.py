# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import marks
from ..mapping import place
from ..mapping.registry import OBJECTS

PLACE_FIELDS = {"ac_country_name", "ac_state_name", "ac_address"}


class AcPlaceAlias(models.Model):
    """A way to write a country or a state; ActiveCampaign knows such places as text.

    Every alias is understood; the preferred one is how the place is written there.
    """

    _name = "ac.place.alias"
    _description = "ActiveCampaign Place Alias"
    _order = "name, country_id, state_id"

    name = fields.Char("Written As", required=True)
    key = fields.Char(compute="_compute_key", store=True, precompute=True)
    country_id = fields.Many2one(
        "res.country", required=True, ondelete="cascade", index=True
    )
    state_id = fields.Many2one(
        "res.country.state",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('country_id', '=', country_id)]",
        help="Empty: the alias means the country itself.",
    )
    preferred = fields.Boolean(
        "Spelling for ActiveCampaign",
        help="This is how the place is written in ActiveCampaign. Without such a line "
        "it is the English name.",
    )

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS ac_place_alias_key ON ac_place_alias "
            "(key, (CASE WHEN state_id IS NULL THEN 0 ELSE country_id END))"
        )

    @api.depends("name")
    def _compute_key(self):
        for alias in self:
            alias.key = place.key(alias.name)

    @api.constrains("key", "country_id", "state_id", "preferred")
    def _check_one_meaning(self):
        for alias in self:
            if not alias.key:
                raise ValidationError(
                    self.env._("“%s” has neither letters nor digits.", alias.name)
                )
            if alias.state_id and alias.state_id.country_id != alias.country_id:
                raise ValidationError(
                    self.env._(
                        "%(state)s is not in %(country)s.",
                        state=alias.state_id.name,
                        country=alias.country_id.name,
                    )
                )
        self._check_preferred()

    def _check_preferred(self):
        """:raise ValidationError: two spellings of one place are preferred"""
        chosen = self.filtered("preferred")
        for country, state, count in self._read_group(
            [
                ("preferred", "=", True),
                ("country_id", "in", chosen.country_id.ids),
                ("state_id", "in", [*chosen.state_id.ids, False]),
            ],
            ["country_id", "state_id"],
            ["__count"],
        ):
            if count > 1:
                raise ValidationError(
                    self.env._(
                        "%s has two spellings for ActiveCampaign. Keep one of them.",
                        (state or country).display_name,
                    )
                )

    # Changes reach ActiveCampaign -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        aliases = super().create(vals_list)
        aliases._mark_partners()
        return aliases

    def write(self, vals):
        before = self.filtered("preferred")
        before._mark_partners()
        result = super().write(vals)
        (self - before)._mark_partners()
        return result

    def unlink(self):
        self._mark_partners()
        return super().unlink()

    def _mark_partners(self):
        """Mark the partners of places whose spelling changes; one statement each."""
        chosen = self.filtered("preferred")
        watched = self.env["ac.field.mapping"]._watched("contact")
        if not chosen or watched.isdisjoint(PLACE_FIELDS):
            return
        for config in self.env["ac.odoo.config"].sudo()._confirmed():
            partners = self.env["res.partner"].sudo()
            query = partners._search(
                [
                    ("country_id", "in", chosen.country_id.ids),
                    *config._domain(),
                ]
            )
            marks.mark_query(config, OBJECTS["contact"], query)
            config._enqueue("run")

    # Both directions --------------------------------------------------------------

    @api.model
    def _find(self, text, country=None):
        """Return the country, or with `country` its state, that `text` means.

        Empty when nobody has said what it means.
        """
        empty = self.env["res.country.state" if country else "res.country"]
        key = place.key(text)
        if not key:
            return empty
        scope = [("state_id", "=", False)]
        if country:
            scope = [("country_id", "=", country.id), ("state_id", "!=", False)]
        alias = self.sudo().search([("key", "=", key), *scope], limit=1)
        return (alias.state_id if country else alias.country_id).with_env(self.env)

    @api.model
    def _spellings(self, countries, states):
        """Return ``({country id: text}, {state id: text})`` for ActiveCampaign.

        One query for all of them, besides reading the names.
        """
        countries, states = countries.with_context(lang=None), states.sudo()
        names = {each.id: each.name for each in countries.sudo()}
        state_names = {each.id: each.name for each in states}
        for alias in self.sudo().search(
            [("preferred", "=", True), ("country_id", "in", countries.ids)]
        ):
            if not alias.state_id:
                names[alias.country_id.id] = alias.name
            elif alias.state_id in states:
                state_names[alias.state_id.id] = alias.name
        return names, state_names

    # The beginning ----------------------------------------------------------------

    @api.model
    def _seed(self):
        """Add the names and codes of all countries and states that have no alias yet.

        A spelling that two places share goes to the first; people may correct it.
        """
        seen = {
            (alias.key, alias.country_id.id if alias.state_id else False)
            for alias in self.search([])
        }
        countries = self.env["res.country"].with_context(lang=None)
        countries = countries.search([("code", "!=", False)])
        states = self.env["res.country.state"].search([("code", "!=", False)])
        new = {}
        for name, country, state in [
            *((each.name, each, states.browse()) for each in countries),
            *((each.code, each, states.browse()) for each in countries),
            *((each.name, each.country_id, each) for each in states),
            *((each.code, each.country_id, each) for each in states),
        ]:
            place_key = (place.key(name), country.id if state else False)
            if place_key[0] and place_key not in seen:
                values = {"country_id": country.id, "state_id": state.id}
                new.setdefault(place_key, {"name": name, **values})
        self.create(list(new.values()))
