"""Lists, subscriptions, suppressions (OAS create-new-list, update-list-status ...)."""

from .. import payloads, people
from ..account import number
from ..crud import pick, read, remove
from ..errors import Refused, invalid
from ..furniture import add_list

NUMBERS = {"strings": str, "ints": int}
WRITABLE = (
    "stringid sender_url sender_reminder send_last_broadcast carboncopy "
    "subscription_notify unsubscription_notify user sender_name sender_addr1 "
    "sender_addr2 sender_city sender_state sender_zip sender_country sender_phone"
).split()


def create(call):
    """POST /lists: the short object of the reference."""
    values = call.envelope("list")
    if not values.get("name"):
        raise Refused(400, {})
    listing = add_list(call.account, str(values["name"]), **pick(values, WRITABLE))
    listing["udate"] = call.account.iso()
    call.account.emit("list_add", "api", payloads.about_list(listing))
    whole = call.show("lists", listing)
    short = {name: whole[name] for name in "name stringid cdate udate links id".split()}
    return call.options.list_created_status, {"list": short}


def listing(call):
    """GET /lists by `filters[name]`, with or without an operator."""
    needles = [v for k, v in call.brackets("filters").items() if k[0] == "name"]
    found = [
        row
        for row in call.account["lists"].values()
        if all(needle.casefold() in row["name"].casefold() for needle in needles)
    ]
    return 200, call.many("lists", found)


def subscribe(call):
    """POST /contactLists: subscribe (1) or unsubscribe (2) a contact."""
    values = call.envelope("contactList")
    contact = call.account.get("contacts", values.get("contact"))
    mailing = call.account.get("lists", values.get("list"))
    status = str(values.get("status"))
    if contact is None or mailing is None or status not in ("0", "1", "2", "3"):
        raise Refused(400, {})
    check_consent(call, contact, mailing, status, values)
    extra = pick(values, ("sourceid",))
    record = people.set_list_status(call.account, contact, mailing, status, **extra)
    shown = call.show("contactLists", record) | {"status": number(status)}
    convert = NUMBERS.get(call.options.contact_list_numbers)
    for name in ("contact", "list", "status", "sourceid") if convert else ():
        shown[name] = convert(shown[name])
    beside = {"contacts": [call.show("contacts", contact)]}
    return 200, beside | {"contactList": shown}


def check_consent(call, contact, mailing, status, values):
    """If so chosen, subscribing again needs `sourceid` 4 (what AC does is not known)."""
    known = call.account.get("contactLists", contact["_lists"].get(mailing["id"]))
    again = known and known["status"] == people.UNSUBSCRIBED and status == people.ACTIVE
    if again and call.options.resubscribe_needs_sourceid:
        if number(values.get("sourceid")) != 4:
            raise invalid("Contact has unsubscribed", "field_invalid", "sourceid")


def create_list_group(call):
    """POST /listGroups: makes a list visible to a group of users."""
    values = call.envelope("listGroup")
    record = call.account.add(
        "listGroups",
        list=number(values.get("listid")),
        group=number(values.get("groupid")),
    )
    shown = call.show("listGroups", record)
    return 201, {"listGroup": shown | {k: record[k] for k in ("list", "group")}}


def exclusions(call):
    """GET /lists/exclusions."""
    found = list(call.account["exclusions"].values())
    if "matchPhrase" in call.filters():
        phrase = call.filters()["matchPhrase"]
        found = [row for row in found if phrase in row["matchPhrase"]]
    rows = [shown_exclusion(row) for row in call.page(found)]
    return 200, {"exclusions": rows, "meta": {"total": len(found)}}


def exclusion(call):
    """GET /lists/exclusions/{id}: without an envelope."""
    return 200, shown_exclusion(known_exclusion(call))


def change_exclusion(call):
    """PUT /lists/exclusions/{id}: sets the lists it holds for."""
    row = known_exclusion(call)
    row |= pick(call.body or {}, ("matchPhrase", "matchType", "channel", "lists"))
    return 200, shown_exclusion(row)


def known_exclusion(call):
    """The exclusion of the path; its 404 has a text of its own."""
    row = call.account.get("exclusions", call.path["id"])
    if row is None:
        text = f"Exclusion not found [id={call.path['id']}]"
        raise Refused(404, {"message": text})
    return row


def shown_exclusion(row):
    """An exclusion as the API shows it."""
    return row | {"id": str(row["id"])}


ROUTES = [
    ("GET", "/lists/exclusions", exclusions),
    ("GET", "/lists/exclusions/{id}", exclusion),
    ("PUT", "/lists/exclusions/{id}", change_exclusion),
    ("POST", "/lists", create),
    ("GET", "/lists", listing),
    read("lists"),
    remove("lists", status=403),
    ("POST", "/contactLists", subscribe),
    ("POST", "/listGroups", create_list_group),
]
