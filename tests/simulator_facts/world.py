"""An account in which the request examples of the API description make sense."""

import re

CHOICES = ["option 1", "option 2", "option 3", "option 4"]
FIELDS, VALUES = 20, 6
SAMPLES = {
    "text": "old",
    "multiselect": ["option 1"],
    "currency": 1,
    "number": "1",
    "date": "2020-01-01",
}


def build(api):
    """Fill the account so that every id in the examples exists."""
    api.control.seed(
        contacts=120,
        tags=20,
        lists=20,
        fields=62,
        automations=50,
        accounts=50,
        deals=60,
    )
    for plural, rows in RECORDS.items():
        for row in rows:
            api.post(plural, row).raise_for_status()
    api.control.exclude("blocked@example.com")
    api.control.act("bounce", contact=1)
    track(api)


def custom_fields(api, owner, body):
    """Custom fields of accounts or deals, of the types that the example supposes.

    The examples disagree about the type of a field with one id, so each run gets its
    own. The first fields have a value each, on the first account or deal.
    """
    types = dict(supposed_types(body))
    for number in range(1, FIELDS + 1):
        kind = types.get(number, "text")
        values = {"fieldLabel": f"Field {number}", "fieldType": kind}
        values |= {"fieldOptions": CHOICES} if kind == "multiselect" else {}
        field = {f"{owner}CustomFieldMetum": values}
        api.post(f"/{owner}CustomFieldMeta", field).raise_for_status()
    for number in range(1, VALUES + 1):
        sample = SAMPLES[types.get(number, "text")]
        values = {f"{owner}Id": 1, "customFieldId": number, "fieldValue": sample}
        datum = {f"{owner}CustomFieldDatum": values}
        api.post(f"/{owner}CustomFieldData", datum).raise_for_status()


def supposed_types(body):
    """`(field id, type)` of every value in an example; without an id it is field 1."""
    for row in rows_with_values(body):
        key = row.get("customFieldId") or row.get("id") or 1
        yield int(key), supposed_type(row["fieldValue"], "fieldCurrency" in row)


def rows_with_values(body):
    """All objects in an example that have a `fieldValue`."""
    if isinstance(body, dict) and "fieldValue" in body:
        yield body
        return
    inner = body.values() if isinstance(body, dict) else body
    for value in inner if isinstance(body, (dict, list)) else ():
        yield from rows_with_values(value)


def supposed_type(value, is_money):
    """The type of field that takes this value."""
    if is_money:
        return "currency"
    if isinstance(value, list) or "||" in value:
        return "multiselect"
    if re.match(r"\d{4}-\d\d-\d\d", value):
        return "date"
    return "number" if re.fullmatch(r"[\d.]+", value) else "text"


def track(api):
    """One tracked event of the first contact."""
    form = {
        "actid": "1",
        "key": "simulator-event-key",
        "event": "visit",
        "visit": '{"email": "person1@example.com"}',
    }
    host = api.base.removesuffix("/api/3")
    api.session.post(f"{host}/event", data=form, timeout=30).raise_for_status()


SHOP = {
    "service": "shop",
    "externalid": "first",
    "name": "First shop",
    "logoUrl": "",
    "linkUrl": "",
}
ORDER = {
    "externalid": "1",
    "source": "0",
    "email": "person1@example.com",
    "totalPrice": 100,
    "currency": "EUR",
    "connectionid": 1,
    "customerid": 1,
    "orderProducts": [{"externalid": "P", "name": "P", "price": 100, "quantity": 1}],
}
OPTION = {"orderid": 1, "value": "a", "label": "A", "isdefault": False, "field": "1"}
HOOK = {"name": "Hook", "url": "https://example.com/hook", "events": ["subscribe"]}
RECORDS = {
    "/contactTags": [{"contactTag": {"contact": 1, "tag": 1}}],
    "/contactLists": [{"contactList": {"contact": 1, "list": 1, "status": 1}}],
    "/fieldValues": [{"fieldValue": {"contact": 1, "field": 1, "value": "x"}}],
    "/fieldOption/bulk": [{"fieldOptions": [OPTION]}],
    "/groupMembers": [{"groupMember": {"rel_id": "1", "group_id": "1"}}],
    "/users": [
        {"user": {"username": f"user{n}", "email": f"user{n}@example.com"}}
        for n in (2, 3, 4)
    ],
    "/dealGroups": [
        {"dealGroup": {"title": f"Pipeline {n}", "currency": "eur"}} for n in (2, 3, 4)
    ],
    "/accountContacts": [{"accountContact": {"account": 1, "contact": 1}}],
    "/contactAutomations": [{"contactAutomation": {"contact": 1, "automation": 1}}],
    "/contactDeals": [{"contactDeal": {"contact": 119, "deal": 1}}],
    "/notes": [{"note": {"note": "A note", "relid": 1, "reltype": "Subscriber"}}],
    "/dealTasks": [
        {"dealTask": {"ownerType": "contact", "relid": 1, "duedate": "2030-01-01"}}
    ],
    "/connections": [{"connection": SHOP}],
    "/ecomCustomers": [
        {
            "ecomCustomer": {
                "connectionid": 1,
                "externalid": "1",
                "email": "person1@example.com",
            }
        }
    ],
    "/ecomOrders": [{"ecomOrder": ORDER}],
    "/webhooks": [{"webhook": HOOK}],
    "/prism/urlWhitelistings": [{"siteTrackingDomain": {"name": "shop.example.com"}}],
}
