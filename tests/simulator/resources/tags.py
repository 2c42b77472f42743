"""Tags and their contacts (OAS create-a-tag, add-a-tag-to-contact ...)."""

from .. import people
from ..crud import pick, read
from ..errors import Refused, invalid, missing, not_found

OPERATORS = {
    "eq": lambda name, value: name == value,
    "neq": lambda name, value: name != value,
    "contains": lambda name, value: value in name,
    "starts_with": lambda name, value: name.startswith(value),
    "ends_with": lambda name, value: name.endswith(value),
}


def create(call):
    """POST /tags: 201; 422 when the name exists."""
    values = pick(call.envelope("tag"), ("tag", "tagType", "description"))
    if not values.get("tag"):
        raise invalid("The tag name was not provided.", "field_missing", "tag")
    if call.account["tags"].lookup(values["tag"]):
        raise invalid("Tag already exists in the system", "duplicate", "tag")
    given = {"tagType": "contact", "description": ""} | values
    tag = call.account.add("tags", cdate=call.account.iso(), **given)
    return 201, call.one("tags", tag)


def listing(call):
    """GET /tags by `search` and `filters[search][operator]`."""
    found = [tag for tag in call.account["tags"].values() if wanted(call, tag)]
    direction = call.orders().get("search")
    if direction:
        found.sort(key=lambda tag: tag["tag"].casefold(), reverse=direction == "DESC")
    return 200, call.many("tags", found)


def wanted(call, tag):
    """Whether a tag passes the query; names compare without regard to case."""
    name = tag["tag"].casefold()
    if call.param("search") and call.param("search").casefold() not in name:
        return False
    return all(
        OPERATORS.get(key[-1], OPERATORS["contains"])(name, value.casefold())
        for key, value in call.brackets("filters").items()
        if key[0] == "search"
    )


def read_one(call):
    """GET /tags/{id} with the number of its contacts."""
    tag = call.record("tags")
    count = sum(tag["id"] in c["_tags"] for c in call.account["contacts"].values())
    return 200, {"tag": call.show("tags", tag) | {"subscriber_count": str(count)}}


def update(call):
    """PUT /tags/{id}."""
    tag = call.record("tags")
    values = pick(call.envelope("tag"), ("tag", "tagType", "description"))
    call.account.change("tags", tag, **values)
    return 200, call.one("tags", tag)


def delete(call):
    """DELETE /tags/{id}: the contacts lose it, without events."""
    tag = call.record("tags")
    for contact in call.account["contacts"].values():
        association = contact["_tags"].pop(tag["id"], None)
        if association:
            call.account.drop(
                "contactTags", call.account.get("contactTags", association)
            )
    call.account.drop("tags", tag)
    return 200, {}


def tag_contact(call):
    """POST /contactTags: 201, with the contact beside it."""
    values = call.envelope("contactTag")
    for name in ("contact", "tag"):
        if name not in values:
            raise missing_attribute(name)
    contact = call.account.get("contacts", values["contact"])
    tag = call.account.get("tags", values["tag"])
    if contact is None or tag is None:
        raise not_found("Tag not found" if contact else "Contact not found")
    record = people.tag_contact(call.account, contact, tag)
    beside = {"contacts": [call.show("contacts", contact)]}
    return 201, beside | call.one("contactTags", record)


def missing_attribute(name):
    """422 as contact tags answer it."""
    source = {"pointer": f"/data/attributes/{name}"}
    error = {"status": 422, "title": "Missing attribute", "source": source}
    return Refused(422, {"errors": [error]})


def untag_contact(call):
    """DELETE /contactTags/{association id}."""
    record = call.account.get("contactTags", call.path["id"])
    if record is None:
        raise missing("SubscriberTag", call.path["id"])
    people.untag_contact(call.account, record)
    return 200, {}


ROUTES = [
    ("POST", "/tags", create),
    ("GET", "/tags", listing),
    ("GET", "/tags/{id}", read_one),
    ("PUT", "/tags/{id}", update),
    ("DELETE", "/tags/{id}", delete),
    ("POST", "/contactTags", tag_contact),
    read("contactTags"),
    ("DELETE", "/contactTags/{id}", untag_contact),
]
