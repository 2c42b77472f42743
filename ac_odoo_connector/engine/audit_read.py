# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What ActiveCampaign holds of some linked objects, as `audit_compare` wants it.

Each function takes ``[(AC id, record id, what was told)]`` and returns ``{AC id: object}``;
what is not in it is not there any more.
"""

from ..activecampaign import NotFound
from . import field_values, reread
from .audit_compare import CORE
from .transaction import transaction

CONTACT_PARTS = (*reread.PARTS, "contactTags")
ORDER_FIELDS = ("storeOrderId", *CORE["order"])
PRODUCT_FIELDS = ("storePrimaryId", *CORE["product"])


def contacts(config, client, asked):
    """Return contacts with ``fields``, ``lists`` and ``tags`` (names in small letters).

    One request for all and one for the tags of each; where the account's lists do not
    bring the values along, two for each; where they bring the tags, too, only one.
    """
    ids = [remote_id for remote_id, *_rest in asked]
    read_at = reread.now()
    records, parts = client.contacts.read_many(ids, CONTACT_PARTS)
    if not all(name in parts for name in reread.PARTS):
        found = {id_: reread.contact(client, id_) for id_ in ids}
        found = {id_: contact for id_, contact in found.items() if contact}
    else:
        of = [_by_contact(parts[name]) for name in reread.PARTS]
        found = {
            id_: reread.complete(row, read_at, *(rows.get(id_, ()) for rows in of))
            for row in records
            if (id_ := str(row["id"])) in ids
        }
    tags = _by_contact(parts["contactTags"]) if "contactTags" in parts else {}
    ids = {id_: _tags(client, tags, id_, "contactTags" in parts) for id_ in found}
    names = _tag_names(config, client, set().union(*ids.values()))
    return {
        id_: {**contact, "tags": {names.get(tag) for tag in ids[id_]}}
        for id_, contact in found.items()
    }


def _by_contact(rows):
    found = {}
    for row in rows:
        found.setdefault(str(row.get("contact")), []).append(row)
    return found


def _tags(client, tags, contact_id, known):
    rows = tags.get(contact_id, ()) if known else None
    rows = client.contact_tags.of_contact(contact_id) if rows is None else rows
    return {str(row["tag"]) for row in rows}


def _tag_names(config, client, ids):
    """Return ``{AC tag id: name in small letters}``; an import may have made tags that
    nobody here has heard of yet."""
    with transaction(config.env) as env:
        known = env["ac.metadata"]._ids_by_name(config, "tag")
    names = {id_: name for name, id_ in known.items()}
    if ids - names.keys():
        tags = client.tags.list()
        names |= {str(tag["id"]): str(tag["tag"]).lower() for tag in tags}
    return names


def _with_fields(name):
    """Return the reader of an object that is asked for one by one, with its fields."""

    def read(_config, client, asked):
        found = {}
        for remote_id, *_rest in asked:
            try:
                record = getattr(client, f"{name}s").get(remote_id).record
            except NotFound:
                continue
            fields = field_values.held(client, name, remote_id)
            found[remote_id] = {**record, "fields": fields}
        return found

    return read


def products(config, client, asked):
    """Return the catalogue's products; one request."""
    keys = {str(res_id): remote_id for remote_id, res_id, _told in asked}
    rows = client.graphql.products(_shop(config), list(keys), PRODUCT_FIELDS)
    return {keys[str(row["storePrimaryId"])]: row for row in rows}


def orders(config, client, asked):
    """Return e-commerce orders; one request for those of GraphQL, one for each of REST."""
    by_rest = {id_: told["rest_id"] for id_, _res, told in asked if told.get("rest_id")}
    keys = [id_ for id_, *_rest in asked if id_ not in by_rest]
    found = {}
    if keys:
        rows = client.graphql.orders(_shop(config), keys, ORDER_FIELDS)
        found = {str(row["storeOrderId"]): row for row in rows}
    for remote_id, rest_id in by_rest.items():
        try:
            found[remote_id] = client.ecom_orders.get(rest_id).record
        except NotFound:
            continue
    return found


def _shop(config):
    with transaction(config.env) as env:
        return env["ac.odoo.config"].browse(config.id).ac_connection_id


READ = {
    "contact": contacts,
    "account": _with_fields("account"),
    "deal": _with_fields("deal"),
    "product": products,
    "order": orders,
}
