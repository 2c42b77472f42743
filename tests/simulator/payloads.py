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
        "message": {"id": campaign["id"], "subject": campaign["_subject"]},
        "webcopy_url": f"{base}/webcopy/{campaign['id']}",
    }


def about_list(listing):
    """`list[...]` of a new list."""
    senders = {k: v for k, v in listing.items() if k.startswith("sender_")}
    part = {"id": listing["id"], "userid": "1", "name": listing["name"]}
    return {"list": part | senders | {"fulladdress": ""}}


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


# ------------------------------------------------------------------ accounts and deals

SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "chf": "CHF"}


def about_account(account, company):
    """`account[...]` with custom fields under a running index."""
    part = {
        "id": company["id"],
        "name": company["name"],
        "account_url": company.get("accountUrl"),
        "created_timestamp": company["createdTimestamp"],
        "updated_timestamp": company["updatedTimestamp"],
    }
    fields = custom_values(account, "account", company)
    return {"account": part | ({"fields": fields} if fields else {})}


def custom_values(account, kind, owner):
    """`[{"id", "key", "value"}]` of the custom fields of an account or deal."""
    plural = f"{kind}CustomFieldMeta"
    data = account[f"{kind}CustomFieldData"]
    rows = [data[key] for key in owner.get("_custom", {}).values()]
    return [
        {
            "id": row["customFieldId"],
            "key": account.get(plural, row["customFieldId"])["fieldLabel"],
            "value": row["fieldValue"],
        }
        for row in rows
    ]


def about_deal(account, deal):
    """`contact[...]` and `deal[...]`: here the value is in units, by REST it is cents."""
    contact = account.get("contacts", deal.get("contact"))
    about = {"contact": contact_part(account, contact)} if contact else {}
    company = account.get("accounts", deal.get("account"))
    about["orgname"] = company["name"] if company else ""
    return about | {"deal": deal_part(account, deal, contact, company)}


def deal_part(account, deal, contact, company):
    """The keys of captured deal events."""
    cents = int(deal["value"])
    units = f"{cents / 100:.2f}".removesuffix(".00")
    part = {
        "id": deal["id"],
        "title": deal["title"],
        "create_date": deal["cdate"][:19].replace("T", " "),
        "create_date_iso": deal["cdate"],
        "orgid": company["id"] if company else 0,
        "orgname": company["name"] if company else "",
        **pipeline_part(account, deal),
        "value": f"{cents / 100:,.2f}",
        "value_raw": units,
        "currency": deal["currency"],
        "currency_symbol": SYMBOLS.get(deal["currency"].lower(), deal["currency"]),
        **owner_part(account, deal),
        "contactid": contact["id"] if contact else 0,
        "contact_email": contact["email"] if contact else "",
        "contact_firstname": contact["firstName"] if contact else "",
        "contact_lastname": contact["lastName"] if contact else "",
        "status": deal.get("status") or 0,
    }
    fields = custom_values(account, "deal", deal)
    return part | ({"fields": fields} if fields else {})


def pipeline_part(account, deal):
    """Stage and pipeline of a deal with their titles."""
    stage = account.get("dealStages", deal["stage"]) or {"title": ""}
    pipeline = account.get("dealGroups", deal["group"]) or {"title": ""}
    return {
        "stageid": deal["stage"],
        "stage_title": stage["title"],
        "pipelineid": deal["group"],
        "pipeline_title": pipeline["title"],
    }


def owner_part(account, deal):
    """The user who owns a deal."""
    user = account.get("users", deal["owner"]) or {"firstName": "", "lastName": ""}
    return {
        "owner": deal["owner"],
        "owner_firstname": user["firstName"],
        "owner_lastname": user["lastName"],
    }


def about_task(account, task):
    """A task with the contact or deal that it belongs to."""
    if task["reltype"] == "Deal":
        about = about_deal(account, account.get("deals", task["relid"]))
    else:
        about = about_contact(account, account.get("contacts", task["relid"]))
    kind = account.get("dealTasktypes", task.get("dealTasktype", 1))
    part = {
        "id": task["id"],
        "type_id": task.get("dealTasktype", 1),
        "type_title": kind["title"] if kind else "",
        "title": task.get("title"),
        "note": task.get("note"),
    }
    for name in ("duedate", "edate", "donedate"):
        if task.get(name):
            part[name] = task[name][:19].replace("T", " ")
            part[f"{name}_iso"] = task[name]
    return about | {"task": part}
