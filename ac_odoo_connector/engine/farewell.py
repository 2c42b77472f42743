# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deleting in ActiveCampaign what a person has ticked at a farewell; nothing else goes.

The account is disconnected by then, so nobody sends anything in between.
"""

from ..activecampaign import NotFound, SkippableError
from .plan import Plan
from .single import OBJECTS
from .transaction import transaction

CHUNK = 25
ORDER = ("order", "deal", "product", "contact", "account")
"""What refers to others goes first."""


def begin(names):
    """Return the first position for objects of these names, None for none."""
    objects = [name for name in ORDER if name in names]
    return {"objects": objects, "after": 0, "refused": 0} if objects else None


def step(config, client):
    """Delete some objects of a disconnected account and forget their links.

    :return: whether there is more to do
    """
    with transaction(config.env) as env:
        fresh = env["ac.odoo.config"].browse(config.id)
        position = fresh.state == "draft" and fresh.farewell_position
        links = _links(env, config, position) if position else ()
    if not position:
        return False
    gone = []
    try:
        for link in links:
            if _delete(config, client, position["objects"][0], link):
                gone.append(link[0])
    finally:
        with transaction(config.env) as env:
            env["ac.binding"].browse(gone).exists().unlink()
    after = _after(position, links, len(links) - len(gone))
    with transaction(config.env) as env:
        env["ac.odoo.config"].browse(config.id)._note_farewell(after)
    return bool(after["objects"])


def _links(env, config, position):
    """Return ``[(link id, AC id, what was told)]``."""
    links = env["ac.binding"].search(
        [
            ("config_id", "=", config.id),
            ("object", "=", position["objects"][0]),
            ("remote_id", "!=", False),
            ("id", ">", position["after"]),
        ],
        limit=CHUNK,
        order="id",
    )
    return [(link.id, link.remote_id, link.sent or {}) for link in links]


def _delete(config, client, name, link):
    """Return whether an object is gone; one that is refused stays, with its link."""
    id_, remote_id, told = link
    plan = Plan(id_, name, remote_id, {}, told=told, delete=True)
    try:
        OBJECTS[name].delete(config, client, plan)
    except NotFound:
        return True
    except SkippableError:
        return False
    return True


def _after(position, links, refused):
    position = {**position, "refused": position["refused"] + refused}
    if len(links) == CHUNK:
        return {**position, "after": links[-1][0]}
    return {**position, "objects": position["objects"][1:], "after": 0}
