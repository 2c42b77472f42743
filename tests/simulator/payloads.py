"""Bodies of webhooks, with the keys of captured deliveries and of the official tables."""


def contact_part(account, contact):
    """`contact[...]`: names in snake case, tags as one text, fields by numeric id."""
    company = company_of(account, contact)
    part = {
        "id": contact["id"],
        "email": contact["email"],
        "first_name": contact["firstName"],
        "last_name": contact["lastName"],
        "phone": contact["phone"],
        "ip": "0.0.0.0",
        "tags": ", ".join(tag_names(account, contact)),
        "orgname": company["name"] if company else "",
        "customer_acct_name": company["name"] if company else "",
    }
    values = field_values(account, contact)
    return part | ({"fields": values} if values else {})


def about_contact(account, contact):
    """The contact and the newer top-level keys about its company."""
    company = company_of(account, contact)
    return {
        "contact": contact_part(account, contact),
        "customer_acct_name": company["name"] if company else "",
        "customer_acct_id": company["id"] if company else "",
        "orgname": company["name"] if company else "",
    }


def tag_names(account, contact):
    """Names of a contact's tags in the order they were given."""
    tags = account["tags"]
    return [tags[number]["tag"] for number in contact["_tags"] if number in tags]


def field_values(account, contact):
    """`{field id: value}` of the fields that are not empty."""
    values = account["fieldValues"]
    found = {
        field: values[number]["value"] for field, number in contact["_values"].items()
    }
    return {field: value for field, value in found.items() if value}


def company_of(account, contact):
    """The account record a contact belongs to, or None."""
    return account.get("accounts", contact.get("_account"))


def unsubscribed(record, source):
    """Extra keys of `unsubscribe`; a public one names the list as `list[0][id]`."""
    parts = {"account_id": "1"}
    if source == "public":
        parts |= {
            "list": {0: {"id": record["list"]}},
            "campaign": {"id": record.get("campaign") or 0},
            "form": {"id": 0},
            "unsubscribe": {"reason": record.get("unsubreason") or ""},
        }
    return parts


def campaign_part(campaign, base="https://example.com"):
    """`campaign[...]` of opens, clicks and what follows."""
    return {
        "id": campaign["id"],
        "name": campaign["name"],
        "status": campaign["status"],
        "type": campaign["type"],
        "recipients": campaign["send_amt"],
        "message": {"id": campaign["id"], "subject": campaign["subject"]},
        "webcopy_url": f"{base}/webcopy/{campaign['id']}",
    }


def flatten(nested, prefix=""):
    """PHP bracket keys: `{"a": {"b": 1}}` becomes `[("a[b]", "1")]`."""
    pairs = []
    for key, value in nested.items():
        name = f"{prefix}[{key}]" if prefix else str(key)
        if isinstance(value, dict):
            pairs += flatten(value, name)
        elif isinstance(value, (list, tuple)):
            pairs += flatten(dict(enumerate(value)), name)
        else:
            pairs.append((name, "" if value is None else str(value)))
    return pairs
