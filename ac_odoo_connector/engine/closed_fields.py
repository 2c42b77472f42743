# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fields that are nobody's: Odoo looks at the groups of a field when a record is read or
written, not when one is made."""

from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS


def check(model, vals_list):
    """Look at the values that records are to be made with.

    :raise AccessError: a person has brought a ciphertext along: it would be sent to the
        address that they enter beside it
    """
    names = {name for vals in vals_list for name in vals if name in model._fields}
    closed = {name for name in names if model._fields[name].groups == NO_ACCESS}
    if closed and not model.env.su:
        raise AccessError(
            model.env._("Nobody may enter %s.", ", ".join(sorted(closed)))
        )
