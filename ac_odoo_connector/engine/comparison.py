# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether ActiveCampaign holds what a run says it has brought there."""

import time

from odoo import fields

from . import gateway
from .transaction import transaction

PAGE = 100
"""Contacts that one page of ``GET /contacts?ids[]=`` holds (REF:pagination)."""
MISSING_LIMIT = 1000
"""Links that are remembered as missing; more than that is no list to read."""


def go_on(run, seconds):
    """Ask for the run's linked contacts, 100 a request.

    :return: True when time ran out and something is left
    :raise RetriableError: ActiveCampaign cannot be reached now; the count goes on later
    """
    end = time.monotonic() + seconds
    with gateway.open_client(run.config_id) as client:
        while links := _next_links(run):
            held = _held(client, links.values())
            _note(run, links, held)
            if time.monotonic() > end:
                return True
    with transaction(run.env) as env:
        ended = {"comparing": False, "compared_at": fields.Datetime.now()}
        env["ac.sync.run"].browse(run.id).write({**ended, "compare_problem": False})
    return False


def _next_links(run):
    """Return `{binding id: AC contact id}` of the next page of synchronised links."""
    with transaction(run.env) as env:
        ours = env["ac.sync.run"].browse(run.id)
        links = env["ac.binding"].search(
            [
                ("run_id", "=", ours.id),
                ("object", "=", "contact"),
                ("state", "=", "synced"),
                ("remote_id", "!=", False),
                ("id", ">", ours.compare_cursor),
            ],
            order="id",
            limit=PAGE,
        )
        return {link.id: link.remote_id for link in links}


def _held(client, remote_ids):
    found = client.contacts.list(**{"ids[]": list(remote_ids)})
    return {str(contact["id"]) for contact in found}


def _note(run, links, held):
    missing = [id_ for id_, remote_id in links.items() if remote_id not in held]
    with transaction(run.env) as env:
        ours = env["ac.sync.run"].browse(run.id)
        ours.write(
            {
                "compare_cursor": max(links),
                "compare_linked": ours.compare_linked + len(links),
                "compare_held": ours.compare_held + len(links) - len(missing),
                "compare_missing": [*(ours.compare_missing or []), *missing][
                    :MISSING_LIMIT
                ],
            }
        )
