"""GET /contacts: every documented filter and order (OAS list-all-contacts)."""

from ..account import number
from ..moments import seconds

ORDERS = {
    "id": lambda contact: contact["id"],
    "cdate": lambda contact: contact["cdate"],
    "email": lambda contact: contact["email"].casefold(),
    "first_name": lambda contact: contact["firstName"].casefold(),
    "last_name": lambda contact: contact["lastName"].casefold(),
    "name": lambda contact: (
        contact["firstName"].casefold(),
        contact["lastName"].casefold(),
    ),
}
ANY_STATUS = -1


def selected(call):
    """The contacts that the query asks for, in its order."""
    found = candidates(call)
    for test in tests(call):
        found = [contact for contact in found if test(contact)]
    return ordered(call, found)


def candidates(call):
    """The fewest contacts that need to be looked at: e-mail, ids, then the rest."""
    contacts = call.account["contacts"]
    if call.param("email") is not None:
        contact = contacts.lookup(call.param("email"))
        return [contact] if contact else []
    ids = [number(value) for value in call.params("ids") for value in value.split(",")]
    if ids:
        return [contacts[key] for key in sorted(set(ids)) if key in contacts]
    return contacts.after(first_id(call, call.param("id_greater")))


def first_id(call, value):
    """Where a page begins, 0 where the account does not look at it."""
    return number(value) if call.options.listing_pages else 0


def tests(call):
    """One function per filter in the query."""
    given = {key: value for key, value in call.query if value != ""}
    for name, make in FILTERS.items():
        if name in given:
            yield make(call, given[name])
    status = number(given.get("status", ANY_STATUS))
    if "listid" in given or status != ANY_STATUS:
        yield on_list(call, number(given.get("listid")), status)


def on_list(call, listid, status):
    """On the list (any when 0) with the status (any when -1)."""
    subscriptions = call.account["contactLists"]

    def test(contact):
        return any(
            (not listid or key == listid)
            and (status == ANY_STATUS or subscriptions[row]["status"] == str(status))
            for key, row in contact["_lists"].items()
        )

    return test


def _contains(call, value):
    needle = value.casefold()
    names = ("firstName", "lastName", "phone", "email")
    return lambda contact: (
        any(needle in contact[name].casefold() for name in names)
        or (needle in f"{contact['firstName']} {contact['lastName']}".casefold())
    )


def _in_series(call, value):
    rows = call.account.where("contactAutomations", seriesid=value)
    inside = {row["contact"] for row in rows}
    return lambda contact: contact["id"] in inside


def _moment(column, sign):
    def make(call, value):
        border = seconds(call.account, value)
        return lambda contact: (
            sign * (seconds(call.account, contact[column]) - border) > 0
        )

    return make


FILTERS = {
    "email_like": lambda call, value: (
        lambda contact: value.casefold() in contact["email"].casefold()
    ),
    "exclude": lambda call, value: lambda contact: contact["id"] != number(value),
    "id_greater": lambda call, value: (
        lambda contact: contact["id"] > first_id(call, value)
    ),
    "id_less": lambda call, value: lambda contact: contact["id"] < number(value),
    "phone": lambda call, value: lambda contact: contact["phone"].startswith(value),
    "search": _contains,
    "seriesid": _in_series,
    "tagid": lambda call, value: lambda contact: number(value) in contact["_tags"],
    "organization": lambda call, value: (
        lambda contact: contact.get("_account") == number(value)
    ),
    "filters[created_before]": _moment("cdate", -1),
    "filters[created_after]": _moment("cdate", 1),
    "filters[updated_before]": _moment("udate", -1),
    "filters[updated_after]": _moment("udate", 1),
}


def ordered(call, contacts):
    """By the first known `orders[...]`, else by id."""
    for name, direction in call.orders().items():
        if name == "id" and direction != "DESC":
            return contacts
        if name in ORDERS:
            return sorted(contacts, key=ORDERS[name], reverse=direction == "DESC")
    return contacts


def page_input(call):
    """What a list of contacts says of its own query."""
    numbers = ("segmentid", "formid", "listid", "tagid")
    found = {name: number(call.param(name)) for name in numbers}
    return found | {
        "limit": number(call.param("limit", 20)),
        "offset": number(call.param("offset")),
        "search": call.param("search"),
        "sort": None,
        "seriesid": number(call.param("seriesid")),
        "waitid": number(call.param("waitid")),
        "status": number(call.param("status", ANY_STATUS)),
        "forceQuery": number(call.param("forceQuery")),
        "cacheid": "0" * 32,
    }
