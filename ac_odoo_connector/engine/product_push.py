# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The account's products, by their own keys."""


def deliver_together(config, client, plans):
    """Send products in one request.

    :return: ``{binding id: AC id}``
    """
    return {plan.binding: plan.identity for plan in plans}


def deliver(config, client, plan):
    """Send one of them; return ``(AC id, what AC has been told)``."""
    ids = deliver_together(config, client, [plan])
    return ids[plan.binding], plan.told_after()


def delete(config, client, plan):
    """Take it out of the account."""
