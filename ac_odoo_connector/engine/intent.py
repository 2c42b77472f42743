# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign has no upsert for: the intent is committed before the call.

Whoever finds an intent without an AC id looks for the object before making it.
"""

from .marks import NOW
from .transaction import transaction


def announce(config, plan, title=""):
    """Commit that the object of a plan is about to be made.

    :param title: what it will be called: the record's own may change until somebody
        looks for it
    """
    _write(
        config,
        f"intended_at = {NOW.code}, intended_as = %s WHERE id = %s",
        (title, plan.binding),
    )


def withdraw(config, plan):
    """Commit that ActiveCampaign has refused it: there is nothing to look for.

    An older intent stays: its own call may have done something.
    """
    if not plan.intended:
        _write(
            config,
            "intended_at = NULL, intended_as = NULL WHERE id = %s",
            (plan.binding,),
        )


def arrived(config, plan, remote_id):
    """Commit the id of an object that was made, although a later step has failed."""
    _write(config, "remote_id = %s WHERE id = %s", (remote_id, plan.binding))


def _write(config, changes, values):
    with transaction(config.env) as env:
        # an intended title names an order and may name its customer
        env.cr.execute(f"UPDATE ac_binding SET {changes}", values, log_exceptions=False)
