# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short transactions beside the caller's own, so that no lock lives during HTTP."""

from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry


@contextmanager
def transaction(env):
    """Yield an environment on a cursor of its own; commit at the end, roll back on error.

    READ COMMITTED, unlike Odoo's REPEATABLE READ: a row that somebody else has
    just changed is waited for and read anew instead of failing the transaction,
    so settling never disturbs a user who saves the same record.

    Records carry no company restriction (superuser): the engine serves the
    account, whoever pressed the button.
    """
    with Registry(env.cr.dbname).cursor() as cr:
        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        yield api.Environment(cr, SUPERUSER_ID, {"active_test": False})
