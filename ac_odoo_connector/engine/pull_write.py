# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Writing what came from ActiveCampaign: one bad value must not hurt its neighbours."""

from odoo.exceptions import UserError


def write(partner, values):
    """Write the values of several units at once; those that Odoo refuses are left out.

    :param values: ``{unit: {field: value}}``
    :return: ``{unit: why Odoo has refused it}``
    """
    merged = _differing(
        partner, {k: v for each in values.values() for k, v in each.items()}
    )
    if not merged or _written(partner, merged) is None:
        return {}
    found = {unit: _written(partner, each) for unit, each in values.items()}
    return {unit: why for unit, why in found.items() if why}


def _differing(partner, values):
    """Return what is not so already: a save of the same would mark and be logged."""
    now = {name: partner[name] for name in values}
    now = {n: v.id if partner._fields[n].relational else v for n, v in now.items()}
    return {name: value for name, value in values.items() if now[name] != value}


def _written(partner, values):
    """Write in a savepoint; return why it was refused, None when it was not."""
    try:
        with partner.env.cr.savepoint():
            partner.write(values)
            partner.flush_recordset()
    except UserError as error:  # a ValidationError is one
        partner.invalidate_recordset()
        return str(error.args[0] if error.args else error)
    return None
