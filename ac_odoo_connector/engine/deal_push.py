# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One deal: found before it is made a second time, then what hangs on it."""

from . import intent


def deliver(config, client, plan):
    """Create or update a deal; return ``(AC id, what AC has been told)``."""
    intent.announce(config, plan)
    return plan.identity, plan.told_after()


def delete(_config, client, plan):
    """Delete a deal."""
    client.deals.delete(plan.remote_id)
