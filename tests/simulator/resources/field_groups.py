"""Groups in which custom fields are shown (OAS groupMembers, groupDefinitions)."""

from ..account import number
from ..errors import invalid, missing, not_found

NUMBERS = ("id", "group_id", "rel_id", "ordernum", "created_by", "updated_by")


def shown(call, record):
    """A member as the API shows it: real numbers here, unlike anywhere else."""
    whole = call.show("groupMembers", record)
    return whole | {name: number(record[name]) for name in NUMBERS}


def values_of(call):
    """The checked values of a member."""
    values = call.envelope("groupMember")
    if not values.get("rel_id"):
        raise invalid("The field title was not provided.", "field_missing")
    if call.account.get("groupDefinitions", values.get("group_id")) is None:
        raise missing("GroupDefinition", values.get("group_id"))
    order = number(values.get("ordernum")) or len(call.account["groupMembers"]) + 1
    return {
        "group_id": number(values["group_id"]),
        "rel_id": number(values["rel_id"]),
        "ordernum": order,
        "updated_by": 1,
    }


def create(call):
    """POST /groupMembers: shows a field in a group."""
    record = call.account.add("groupMembers", created_by=1, **values_of(call))
    return 200, {"groupMember": shown(call, record)}


def known(call):
    """The member of the path, else its 404."""
    record = call.account.get("groupMembers", call.path["id"])
    if record is None:
        raise not_found()
    return record


def read(call):
    """GET /groupMembers/{id}."""
    return 200, {"groupMember": shown(call, known(call))}


def update(call):
    """PUT /groupMembers/{id}."""
    record = known(call)
    record |= values_of(call)
    return 200, {"groupMember": shown(call, record)}


def delete(call):
    """DELETE /groupMembers/{id}."""
    call.account.drop("groupMembers", known(call))
    return 200, {}


def definitions(call):
    """GET /groupMembers: the groups, in spite of the name (OAS)."""
    rows = call.account["groupDefinitions"].values()
    return 200, {"groupDefinitions": [shown_group(call, row) for row in rows]}


def create_definition(call):
    """POST /groupDefinitions."""
    values = call.envelope("groupDefinition")
    record = call.account.add(
        "groupDefinitions",
        type_id=number(values.get("type_id")) or 1,
        label=str(values.get("label", "")),
        ordernum=len(call.account["groupDefinitions"]) + 1,
    )
    by = {"created_by": 1, "updated_by": 1}
    return 200, {"groupDefinition": shown_group(call, record) | by}


def shown_group(call, row):
    """A group as the API shows it, with real numbers."""
    numbers = {name: number(row[name]) for name in ("id", "type_id", "ordernum")}
    return call.show("groupDefinitions", row) | numbers


ROUTES = [
    ("POST", "/groupMembers", create),
    ("GET", "/groupMembers", definitions),
    ("GET", "/groupMembers/{id}", read),
    ("PUT", "/groupMembers/{id}", update),
    ("DELETE", "/groupMembers/{id}", delete),
    ("POST", "/groupDefinitions", create_definition),
]
