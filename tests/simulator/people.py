"""What can be done to contacts: the same verbs for API calls, imports and people.

`source` is who does it: public (the contact), admin (a user), api, system.
"""

import re

from . import history, payloads
from .account import number
from .errors import invalid

ADDRESS = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s.,;<>()\"]+")
ACTIVE, UNSUBSCRIBED, BOUNCED = "1", "2", "3"
NAMES = ("firstName", "lastName", "phone")


def normal(email):
    """An e-mail as the account stores it."""
    return str(email or "").strip()


def check_email(account, email, other_than=None):
    """Refuse an e-mail that is missing, malformed or taken by another contact."""
    status = account.options.invalid_email_status
    if not email:
        raise invalid(
            "The contact email was not provided.",
            "field_missing",
            "email",
            status=status,
        )
    if not ADDRESS.fullmatch(email):
        raise invalid(
            "Email address is not valid.", "field_invalid", "email", status=status
        )
    owner = account["contacts"].lookup(email)
    if owner and owner is not other_than:
        raise invalid(
            "Email address already exists in the system", "duplicate", "email"
        )


def create_contact(account, values, source="api", quiet=False):
    """A new contact; `quiet` creates it without an event, as imports do."""
    email = normal(values.get("email"))
    check_email(account, email)
    stamp = account.now()
    contact = account.add(
        "contacts",
        email=email,
        **{name: "" for name in NAMES},
        cdate=account.iso(stamp),
        hash=account.token(),
        created_utc_timestamp=account.plain(stamp),
        created_timestamp=account.plain(stamp),
        _tags={},
        _lists={},
        _values={},
    )
    touch(account, contact, stamp)
    contact.update(_names(account, values))
    save_values(account, contact, values.get("fieldValues"))
    if not quiet:
        tell(account, "subscribe", source, contact)
    return contact


def edit_contact(account, contact, values, source="api", quiet=False):
    """Change a contact; keys left out are kept. True when something changed."""
    email = normal(values.get("email") or contact["email"])
    check_email(account, email, contact)
    wanted = {"email": email} | _names(account, values)
    changed = any(contact[name] != value for name, value in wanted.items())
    account.change("contacts", contact, **wanted)
    changed |= save_values(account, contact, values.get("fieldValues"))
    if changed:
        touch(account, contact)
        if not quiet:
            tell(account, "update", source, contact)
    return changed


def _names(account, values):
    limit = account.options.contact_name_length
    given = {name: str(values[name] or "") for name in NAMES if name in values}
    return {name: value[:limit] for name, value in given.items()}


def touch(account, contact, stamp=None):
    """Move the dates of change."""
    contact["udate"] = account.iso(stamp)
    contact["updated_utc_timestamp"] = contact["updated_timestamp"] = account.plain(
        stamp
    )


def delete_contact(account, contact):
    """Remove a contact and everything that hangs on it."""
    for plural in (
        "contactTags",
        "contactLists",
        "fieldValues",
        "contactAutomations",
        "accountContacts",
        "contactDeals",
    ):
        for record in account.where(plural, contact=contact["id"]):
            account.drop(plural, record)
    history.forget(account, contact)
    account.drop("contacts", contact)


# ---------------------------------------------------------------------- field values


def save_values(account, contact, values):
    """Set `[{"field", "value"}]`; unknown fields are passed over. True if changed."""
    changed = False
    for item in values or []:
        if isinstance(item, dict) and account.get("fields", item.get("field")):
            changed |= set_value(account, contact, item["field"], item.get("value"))
    return changed


def set_value(account, contact, field_id, value):
    """Set one custom field; an empty value clears it. True if it changed."""
    value = "" if value is None else str(value)
    record = account.get("fieldValues", contact["_values"].get(number(field_id)))
    if record is None:
        record = _new_value(account, contact, field_id)
    elif record["value"] == value:
        return False
    changed = record["value"] != value
    record |= {"value": value, "udate": account.iso()}
    return changed


def _new_value(account, contact, field_id):
    record = account.add(
        "fieldValues",
        contact=contact["id"],
        field=number(field_id),
        value="",
        cdate=account.iso(),
        udate=account.iso(),
        owner=contact["id"],
    )
    contact["_values"][number(field_id)] = record["id"]
    return record


# ------------------------------------------------------------------------------ tags


def tag_named(account, name):
    """The contact tag of this name, made if need be."""
    return account["tags"].lookup(name) or account.add(
        "tags", tagType="contact", tag=str(name), description="", cdate=account.iso()
    )


def tag_contact(account, contact, tag, source="api", quiet=False):
    """Give a contact a tag; the association that is already there stays as it is."""
    known = account.get("contactTags", contact["_tags"].get(tag["id"]))
    if known:
        return known
    record = account.add(
        "contactTags", contact=contact["id"], tag=tag["id"], cdate=account.iso()
    )
    contact["_tags"][tag["id"]] = record["id"]
    if not quiet:
        tell(account, "contact_tag_added", source, contact, {"tag": tag["tag"]})
    return record


def untag_contact(account, record, source="api"):
    """Remove an association of contact and tag."""
    contact = account.get("contacts", record["contact"])
    tag = account.get("tags", record["tag"])
    account.drop("contactTags", record)
    if contact is None or tag is None:
        return
    contact["_tags"].pop(tag["id"], None)
    tell(account, "contact_tag_removed", source, contact, {"tag": tag["tag"]})


# ----------------------------------------------------------------------------- lists


def set_list_status(account, contact, listing, status, source="api", **extra):
    """Subscribe (1) or unsubscribe (2) a contact; returns the contactList record."""
    record = account.get("contactLists", contact["_lists"].get(listing["id"]))
    before = record and record["status"]
    record = record or _new_subscription(account, contact, listing)
    record |= {"status": str(status), "udate": account.iso()}
    record["updated_timestamp"] = account.plain()
    record |= {name: value for name, value in extra.items() if name in record}
    if before != record["status"]:
        _tell_subscription(account, contact, record, source, extra)
    return record


def import_status(account, contact, list_id, status):
    """List status by import: no event, and nobody is subscribed again by it."""
    listing = account.get("lists", list_id)
    known = listing and account.get(
        "contactLists", contact["_lists"].get(listing["id"])
    )
    if listing is None or (known and known["status"] != ACTIVE and status == ACTIVE):
        return
    record = known or _new_subscription(account, contact, listing)
    record |= {"status": status, "udate": account.iso()}


def _new_subscription(account, contact, listing):
    record = account.add(
        "contactLists",
        contact=contact["id"],
        list=listing["id"],
        sdate=account.iso(),
        status="",
        sourceid="3",
        unsubreason=None,
        first_name=contact["firstName"],
        last_name=contact["lastName"],
        created_timestamp=account.plain(),
    )
    contact["_lists"][listing["id"]] = record["id"]
    return record


def _tell_subscription(account, contact, record, source, extra):
    if record["status"] == ACTIVE:
        form = {"form": {"id": extra["form"]}} if extra.get("form") else {}
        tell(account, "subscribe", source, contact, form, record["list"])
        start_automations(account, contact, "subscribe")
    elif record["status"] == UNSUBSCRIBED:
        parts = payloads.unsubscribed(record, source)
        tell(account, "unsubscribe", source, contact, parts, record["list"])


# ----------------------------------------------------------------------- automations


def start_automations(account, contact, occasion):
    """Enter a contact into every automation that starts on `occasion`."""
    for automation in account["automations"].values():
        if occasion in automation["_starts"]:
            enter_automation(account, contact, automation)


def enter_automation(account, contact, automation):
    """A contact enters an automation; returns the contactAutomation record."""
    automation["entered"] = str(number(automation["entered"]) + 1)
    return account.add(
        "contactAutomations",
        contact=contact["id"],
        seriesid=automation["id"],
        automation=automation["id"],
        adddate=account.iso(),
        lastdate=account.iso(),
    )


def tell(account, event, source, contact, parts=None, listid=0):
    """Emit an event about a contact."""
    body = payloads.about_contact(account, contact) | (parts or {})
    history.remember(account, event, contact, listid, parts)
    account.emit(event, source, body, listid)
