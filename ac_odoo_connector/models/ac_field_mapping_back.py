# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Field mappings the other way: what AC's text becomes in a partner."""

from odoo import api, fields, models

from ..mapping import inverse
from ..mapping.value import MappingError, shown

INVERTIBLE = ("direct", "lookup", "date_format")
PLACES = {
    "ac_country_name": "country_id",
    "ac_state_name": "state_id",
    "country_id": "country_id",
    "country_id.code": "country_id",
    "country_id.name": "country_id",
    "state_id": "state_id",
    "state_id.code": "state_id",
    "state_id.name": "state_id",
}
"""Paths that the place aliases understand, and the fields they lead to."""
OF_THE_ACCOUNT = ("name", "email", "phone")


class AcFieldMapping(models.Model):
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "ac.field.mapping"

    pull_problem = fields.Char("Not Taken Over", compute="_compute_pull_problem")

    @api.depends(
        *("object", "transformation", "field_path", "date_format", "direction"),
    )
    def _compute_pull_problem(self):
        for mapping in self:
            pulls = mapping.direction != "to_ac"
            mapping.pull_problem = pulls and mapping._pull_problem()

    def _pull_problem(self):
        """Return why nothing can come from ActiveCampaign, False when it can."""
        if self.object != "contact":
            return self.env._("Only the fields of contacts are taken over.")
        if self.transformation not in INVERTIBLE:
            return self.env._(
                "This transformation cannot be undone: the value only goes to "
                "ActiveCampaign."
            )
        if self.field_path in OF_THE_ACCOUNT:
            return self.env._("The account itself says who owns this field: see Pull.")
        if self.field_path in PLACES:
            return False
        return self._path_problem()

    def _path_problem(self):
        name, *rest = (self.field_path or "").split(".")
        field = self.env[self.model]._fields.get(name)
        if field is None or len(rest) > 1:
            return self.env._("Only a field of the record itself can be filled.")
        if field.readonly and not field.inverse:
            return self.env._("Odoo computes this field; nobody can fill it.")
        if field.type == "many2one":
            return self._relation_problem(field, rest)
        if rest or field.type not in (*inverse.KINDS, "boolean", "selection"):
            return self.env._("A field of this type cannot be filled from a text.")
        return False

    def _relation_problem(self, field, rest):
        """A record is found by its name, or by a stored text such as its code."""
        related = self.env[field.comodel_name]
        by = related._fields.get(rest[0] if rest else related._rec_name or "")
        if by is None or by.type != "char" or not by.store:
            return self.env._("Its records cannot be found by a text.")
        return False

    def _back(self, entry):
        """Return ``(text, partner, values) -> {Odoo field: value}`` of this line, or
        None where nothing can be taken over.

        `values` are those that are taken over with it: a state needs its country.
        The function raises `MappingError`.
        """
        if self.direction == "to_ac" or self._pull_problem():
            return None
        read = self._text_reader()
        if self.field_path in PLACES:
            return self._place_reader(read)
        name = self.field_path.split(".")[0]
        field = self.env[self.model]._fields[name]
        if field.type == "many2one":
            find = self._record_finder(field)
            return lambda text, _partner, _values: {name: find(read(text))}
        parse = self._parser(field, entry)
        return lambda text, _partner, _values: {name: parse(read(text))}

    def _text_reader(self):
        """Return what undoes the lookup table, if there is one."""
        if self.transformation != "lookup":
            return lambda text: text
        table = {line.value or "": line.ac_value for line in self.lookup_ids}
        return lambda text: inverse.looked_up(text, table)

    def _parser(self, field, entry):
        if self.transformation == "date_format":
            pattern = self.date_format
            return lambda text: inverse.parsed_date(text, pattern, field.type)
        choices = ()
        if field.type == "selection":
            choices = field._description_selection(self.env)
        # what came out of a lookup table is plain text, whatever AC's field is
        plain = self.transformation == "lookup"
        type_ = "text" if plain else entry._field_type()
        options = () if plain else tuple((entry.data or {}).get("fieldOptions") or ())
        kind = "website" if field.name == "website" else field.type
        return lambda text: inverse.into(text, type_, kind, choices, options)

    def _place_reader(self, read):
        target, aliases = PLACES[self.field_path], self.env["ac.place.alias"]
        found = {}

        def place(text, country=None):
            if (text, country) not in found:
                found[text, country] = aliases._find(text, country)
            if not found[text, country]:
                raise MappingError(_no_place(text, country))
            return found[text, country].id

        def state(text, partner, values):
            country = partner.country_id
            if "country_id" in values:
                country = country.browse(values["country_id"])
            if not country:
                raise MappingError(
                    f"{shown(text)}: a state needs its country. Fill in the country."
                )
            return {target: place(read(text), country)}

        if target == "state_id":
            return state
        return lambda text, _partner, _values: {target: place(read(text))}

    def _record_finder(self, field):
        related = self.env[field.comodel_name]
        by = ([*self.field_path.split("."), related._rec_name])[1]
        found = {}

        def find(text):
            if text not in found:
                found[text] = related.search([(by, "=ilike", _escaped(text))], limit=2)
            if len(found[text]) != 1:
                raise MappingError(_no_record(text, found[text]))
            return found[text].id

        return find


def _no_place(text, country):
    where = f" of {country.name}" if country else ""
    kind = "state" if country else "country"
    return (
        f"{shown(text)} is no known {kind}{where}. Add it to the place aliases and "
        "replay the event."
    )


def _no_record(text, found):
    if found:
        return f"{shown(text)} is the name of several records of Odoo."
    return f"{shown(text)} is the name of no record of Odoo. Make it, or correct it."


def _escaped(text):
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
