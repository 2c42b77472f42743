# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Contact tags: added by name, taken away only where the connector set them."""

from ..activecampaign import NotFound
from .transaction import transaction


def replace(config, client, contact_id, plan):
    """Add the payload's new tags to the contact and remove those that are gone."""
    new, gone = plan.new_tags, plan.gone_tags
    if not (new or gone):
        return
    ids = tag_ids(config, client, new | gone)
    try:
        _add(client, contact_id, new, ids)
    except NotFound:  # a tag was deleted over there since it was cached
        known = _create(config, client, new)
        ids |= {name: known[name.lower()] for name in new}
        _add(client, contact_id, new, ids)
    gone_ids = {ids[name] for name in gone}
    for link in list(client.contact_tags.of_contact(contact_id)) if gone else ():
        if str(link["tag"]) in gone_ids:
            client.contact_tags.delete(link["id"])


def _add(client, contact_id, names, ids):
    for name in sorted(names):
        client.contact_tags.create(
            {"contact": contact_id, "tag": ids[name]}, idempotent=True
        )


def tag_ids(config, client, names):
    """Return ``{name: AC tag id}``; tags that AC lacks are made, once, whatever the case."""
    with transaction(config.env) as env:
        known = env["ac.metadata"]._ids_by_name(config, "tag")
    missing = [name for name in names if name.lower() not in known]
    if missing:
        known |= _create(config, client, missing)
    return {name: known[name.lower()] for name in names}


def _create(config, client, names):
    """Look again in ActiveCampaign before making a tag: the cache may be old."""
    tags = list(client.tags.list())
    existing = {tag["tag"].lower() for tag in tags}
    for name in names:
        if name.lower() not in existing:
            tags.append(client.tags.create({"tag": name, "tagType": "contact"}).record)
            existing.add(name.lower())
    with transaction(config.env) as env:
        env["ac.metadata"]._store(config, "tag", tags, complete=True)
        return env["ac.metadata"]._ids_by_name(config, "tag")
