# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign has no upsert for: the intent is committed before the call.

Whoever finds an intent without an AC id looks for the object before making it.
"""

from .marks import NOW
from .transaction import transaction


def announce(config, plan):
    """Commit that the object of a plan is about to be made."""
    with transaction(config.env) as env:
        env.cr.execute(
            f"UPDATE ac_binding SET intended_at = {NOW.code} WHERE id = %s",
            (plan.binding,),
        )
