# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a filter asks only for what its author may read.

The engine applies it with all rights: who is sent and who is not would otherwise tell a
hidden value letter by letter.
"""

from odoo.exceptions import AccessError


def check(model, domain):
    """Look at each path of a filter.

    :param model: as the person who writes the filter
    :param domain: list, as `search` takes it
    :raise AccessError: a field that the person may not read, or of records they may not
    """
    for leaf in domain:
        if not isinstance(leaf, str) and len(leaf) == 3 and isinstance(leaf[0], str):
            path, operator, value = leaf
            behind = _check_path(model, path)
            # Odoo 19 takes operators in any case
            inner = str(operator).lower() in ("any", "not any")
            if inner and behind is not None:
                behind.check_access("read")
                check(behind, value)


def _check_path(model, path):
    """Return the model behind a path, None where it ends at a value."""
    for step, name in enumerate(path.split(".")):
        if step:
            model.check_access("read")
        if name not in model._fields:
            return None  # not a field: the search itself says so
        if not model.fields_get([name]):
            raise AccessError(
                model.env._("“%(path)s” is not yours to read.", path=path)
            )
        field = model._fields[name]
        if not field.relational:
            return None  # what may follow is a part of a date or of properties
        model = model.env[field.comodel_name]
    return model
