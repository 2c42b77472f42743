"""What a bulk import does with each contact, in the background and without webhooks."""

import json
import re
from urllib.parse import urlencode

from . import people, sales
from .account import number
from .deliveries import Delivery

COMPLETED = "completed"
LOOKS_LIKE_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
CHARACTERS_REFUSED = "'\"(),:;<>[]\\"


def mistakes(row, strict=False):
    """Reasons to refuse the whole request because of one contact.

    `strict`: addresses that are only refused later by default are refused here.
    """
    if not isinstance(row, dict):
        yield "Contact must be an object"
        return
    email = row.get("email")
    if not isinstance(email, str) or not email:
        yield "Field 'email' is required"
    elif not LOOKS_LIKE_EMAIL.fullmatch(email.strip()) or (
        strict and not deliverable(email)
    ):
        yield "Field 'email' incorrect format"
    for field in row.get("fields") or []:
        if not isinstance(field, dict) or not number(field.get("id")):
            yield "Field 'fields' incorrect format"
    for name in ("subscribe", "unsubscribe"):
        for item in row.get(name) or []:
            if not isinstance(item, dict) or not number(item.get("listid")):
                yield f"Field '{name}' incorrect format"


def process(account, batch, send):
    """Apply a batch: `success` gets ids, `failure` the e-mails that were not taken."""
    for row in batch["_contacts"]:
        email = people.normal(row["email"])
        if excluded(account, email):
            continue
        if not deliverable(email):
            batch["failure"].append(email)
            continue
        contact = upsert(account, email, row)
        by_email = account.options.import_success == "emails"
        batch["success"].append(email if by_email else str(contact["id"]))
    batch["status"] = COMPLETED
    call_back(batch, send)


def deliverable(email):
    """Stricter than the validation of the request: a real domain, plain characters."""
    plain = not any(character in email for character in CHARACTERS_REFUSED)
    return plain and bool(people.ADDRESS.fullmatch(email))


def excluded(account, email):
    """On the exclusion list: skipped without a word."""
    tests = {
        "exact": str.__eq__,
        "begin": str.startswith,
        "end": str.endswith,
        "contains": str.__contains__,
    }
    return any(
        tests.get(row["matchType"], str.__eq__)(
            email.lower(), row["matchPhrase"].lower()
        )
        for row in account["exclusions"].values()
    )


def upsert(account, email, row):
    """One contact created or changed: tags only added, consent never renewed."""
    names = {"first_name": "firstName", "last_name": "lastName", "phone": "phone"}
    values = {new: row[old] for old, new in names.items() if row.get(old)}
    fields = [
        {"field": f["id"], "value": f.get("value")} for f in row.get("fields") or []
    ]
    values |= {"email": email, "fieldValues": fields}
    contact = account["contacts"].lookup(email)
    if contact is None:
        contact = people.create_contact(account, values, quiet=True)
    else:
        people.edit_contact(account, contact, values, quiet=True)
    for name in row.get("tags") or []:
        people.tag_contact(
            account, contact, people.tag_named(account, name), quiet=True
        )
    if row.get("customer_acct_name"):
        sales.join_account(account, contact, row["customer_acct_name"])
    subscriptions(account, contact, row)
    return contact


def subscriptions(account, contact, row):
    """Lists of the row; who has unsubscribed stays unsubscribed."""
    for item in row.get("subscribe") or []:
        people.import_status(account, contact, item["listid"], people.ACTIVE)
    for item in row.get("unsubscribe") or []:
        people.import_status(account, contact, item["listid"], people.UNSUBSCRIBED)
    if row.get("subscribe") and not row.get("exclude_automations"):
        people.start_automations(account, contact, "subscribe")


def call_back(batch, send):
    """The callback that was asked for, with the outcome when details are wanted."""
    wish = batch["_callback"]
    if not wish.get("url"):
        return
    url = wish["url"] if "//" in wish["url"] else f"http://{wish['url']}"
    params = {
        pair["key"]: pair["value"] for pair in wish.get("params") or [] if pair["key"]
    }
    headers = {
        pair["key"]: pair["value"] for pair in wish.get("headers") or [] if pair["key"]
    }
    if wish.get("requestType") == "GET":
        mark = "&" if "?" in url else "?"
        url = f"{url}{mark}{urlencode(params)}"
        send(Delivery(url, "import_callback", "", {}, "GET", headers))
        return
    if str(wish.get("detailed_results")).lower() == "true":
        params |= outcome(batch)
    told = Delivery(url, "import_callback", json.dumps(params), {}, headers=headers)
    told.content_type = "application/json"
    send(told)


def outcome(batch):
    """Numbers of successes and failures and a message for each failure."""
    errors = [f"{email}: Invalid email address" for email in batch["failure"]]
    return {
        "success": len(batch["success"]),
        "failure": len(batch["failure"]),
        "errors": errors,
    }
