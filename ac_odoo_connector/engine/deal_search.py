# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Finding the deal that a lost call may have made."""

from ..mapping import text
from .field_values import held
from .transaction import transaction


def find(config, client, plan):
    """Return the AC id of the plan's deal if it is there, else None.

    A deal with the title of now, or with the announced one, that no other order has,
    and that names this order in its fields; without the fields its contact decides.
    """
    found = _titled(client, {plan.payload["title"], plan.announced} - {""})
    for deal_id in _unbound(config, plan, found):
        if _is_ours(config, client, plan, found[deal_id]):
            return deal_id
    return None


def _titled(client, titles):
    """Return ``{AC id: deal}``; AC itself finds parts of titles, too."""
    found = {}
    for title in sorted(titles):
        query = {"search": title, "search_field": "title"}  # OAS list-all-deals
        for deal in client.deals.list(filters=query):
            if _same(deal.get("title"), title):
                found[str(deal["id"])] = deal
    return found


def _same(one, other):
    return text.clean(str(one or "")).casefold() == text.clean(other).casefold()


def _unbound(config, plan, found):
    """Return the ids that belong to no other order, oldest first."""
    with transaction(config.env) as env:
        taken = env["ac.binding"].search(
            [
                ("config_id", "=", config.id),
                ("object", "=", "deal"),
                ("remote_id", "in", list(found)),
                ("id", "!=", plan.binding),
            ]
        )
        return sorted(found.keys() - set(taken.mapped("remote_id")), key=int)


def _is_ours(config, client, plan, deal):
    """Decide by the link, which names the order's id, else by number, else by contact.

    The link is compared without its host, which may have changed.
    """
    roles, mine = config._deal_roles(), plan.payload["fields"]
    there = held(client, "deal", deal["id"]) if roles else {}
    for role, part in (("order_link", _path), ("order_number", str)):
        ac_id = roles.get(role)
        if there.get(ac_id) and mine.get(ac_id):
            return part(there[ac_id]) == part(mine[ac_id])
    return str(deal.get("contact")) == plan.payload["contact"]


def _path(link):
    return str(link).partition("/odoo/")[2] or str(link)
