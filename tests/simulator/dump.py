"""The whole state of an account as plain data, for tests to assert on."""

from .payloads import company_of, tag_names


def state(account, only=()):
    """`{table: {id: record}}` of all tables or only some, and `counts` of all.

    Contacts have tags, fields and lists; `orders` is the table `ecomOrders`, `imports`
    are the bulk imports with what became of their contacts.
    """
    names = {name: {"orders": "ecomOrders"}.get(name, name) for name in only}
    names = names or {name: name for name in account.tables} | {"orders": "ecomOrders"}
    dumped = {
        name: table(account, plural)
        for name, plural in names.items()
        if plural != "imports"
    }
    dumped["imports"] = {key: visible(b) for key, b in account.imports.items()}
    return dumped | {"counts": counts(account), "settings": account.settings}


def counts(account):
    """The number of records in each table."""
    found = {name: len(rows) for name, rows in account.tables.items()}
    return found | {"orders": found["ecomOrders"]}


def table(account, plural):
    """One table by id (as a string)."""
    around = AROUND.get(plural, lambda account, record: {})
    return {
        str(key): visible(record) | around(account, record)
        for key, record in account[plural].items()
    }


def visible(record):
    """A record without the simulator's own columns."""
    return {name: value for name, value in record.items() if name[0] != "_"}


def around_contact(account, contact):
    """Tags by name, field values and list statuses by id, name of the company."""
    values, rows = account["fieldValues"], account["contactLists"]
    company = company_of(account, contact)
    return {
        "tags": sorted(tag_names(account, contact)),
        "fields": {str(k): values[v]["value"] for k, v in contact["_values"].items()},
        "lists": {str(k): rows[v]["status"] for k, v in contact["_lists"].items()},
        "account": company["name"] if company else None,
    }


def around_webhook(account, webhook):
    """Whether it is active, which the API does not tell."""
    return {"active": not webhook.get("_inactive")}


AROUND = {"contacts": around_contact, "webhooks": around_webhook}
