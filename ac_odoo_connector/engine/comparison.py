# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether ActiveCampaign holds what a run says it has brought there."""

import time

from odoo import fields

from . import gateway, shop
from .transaction import transaction

PAGE = 100
"""Objects that one page holds (REF:pagination; of GraphQL REF:searches)."""
MISSING_LIMIT = 1000
"""Links that are remembered as missing; more than that is no list to read."""


def go_on(run, seconds):
    """Ask for the run's linked contacts and products, 100 a request.

    :return: True when time ran out and something is left
    :raise RetriableError: ActiveCampaign cannot be reached now; the count goes on later
    """
    end = time.monotonic() + seconds
    with gateway.open_client(run.config_id) as client:
        while page := _next_page(run):
            object_name, last, links = page
            held = HELD[object_name](run.config_id, client, links) if links else set()
            _note(run, last, links, held)
            if time.monotonic() > end:
                return True
    with transaction(run.env) as env:
        ended = {"comparing": False, "compared_at": fields.Datetime.now()}
        env["ac.sync.run"].browse(run.id).write({**ended, "compare_problem": False})
    return False


def _next_page(run):
    """Return ``(object, id of the last binding, {binding id: (AC id, Odoo id)})`` of the
    next synchronised links of one object; None at the end."""
    with transaction(run.env) as env:
        ours = env["ac.sync.run"].browse(run.id)
        links = env["ac.binding"].search(
            [
                ("run_id", "=", ours.id),
                ("object", "in", list(HELD)),
                ("state", "=", "synced"),
                ("remote_id", "!=", False),
                ("id", ">", ours.compare_cursor),
            ],
            order="id",
            limit=PAGE,
        )
        name = links[:1].object
        pages = links.filtered(lambda link: link.object == name) if links else links
        # the page ends where another object begins
        end = (links - pages)[:1].id
        page = pages.filtered(lambda link: not end or link.id < end)
        return page and (name, page[-1].id, _shown(page))


def _shown(links):
    """Leave out the products that were taken out of the catalogue."""
    return {
        link.id: (link.remote_id, link.res_id)
        for link in links
        if "isDeleted" not in (link.sent or {}).get("filled", ())
    }


def _contacts(_config, client, links):
    found = client.contacts.list(**{"ids[]": [ac_id for ac_id, _id in links.values()]})
    return {str(contact["id"]) for contact in found}


def _products(config, client, links):
    keys = [str(id_) for _ac_id, id_ in links.values()]
    found = client.graphql.products(shop.connection(config, client), keys)
    return {str(product["id"]) for product in found if not product.get("isDeleted")}


HELD = {"contact": _contacts, "product": _products}
"""``(config, client, links) -> AC ids`` of those that are there; one request."""


def _note(run, last, links, held):
    missing = [id_ for id_, (remote_id, _id) in links.items() if remote_id not in held]
    with transaction(run.env) as env:
        ours = env["ac.sync.run"].browse(run.id)
        ours.write(
            {
                "compare_cursor": last,
                "compare_linked": ours.compare_linked + len(links),
                "compare_held": ours.compare_held + len(links) - len(missing),
                "compare_missing": [*(ours.compare_missing or []), *missing][
                    :MISSING_LIMIT
                ],
            }
        )
