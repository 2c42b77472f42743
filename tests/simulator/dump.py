"""The whole state of an account as plain data, for tests to assert on."""

from .payloads import company_of, tag_names


def state(account):
    """`{table: {id: record}}`; contacts with tags, fields, lists; `counts` of all."""
    tables = {
        name: {str(key): visible(record) for key, record in table.items()}
        for name, table in account.tables.items()
    }
    for key, contact in account["contacts"].items():
        tables["contacts"][str(key)] |= around(account, contact)
    for key, webhook in account["webhooks"].items():
        tables["webhooks"][str(key)]["active"] = not webhook.get("_inactive")
    tables["orders"] = tables["ecomOrders"]
    counts = {name: len(rows) for name, rows in tables.items()}
    return tables | {"counts": counts, "settings": account.settings}


def visible(record):
    """A record without the simulator's own columns."""
    return {name: value for name, value in record.items() if name[0] != "_"}


def around(account, contact):
    """Tags by name, field values and list statuses by id, name of the company."""
    values, rows = account["fieldValues"], account["contactLists"]
    company = company_of(account, contact)
    return {
        "tags": sorted(tag_names(account, contact)),
        "fields": {str(k): values[v]["value"] for k, v in contact["_values"].items()},
        "lists": {str(k): rows[v]["status"] for k, v in contact["_lists"].items()},
        "account": company["name"] if company else None,
    }
