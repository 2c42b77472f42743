"""Contacts (OAS create-a-new-contact, sync-a-contacts-data, list-all-contacts ...)."""

from .. import people
from . import contact_filters

SIDELOADS = (
    "contactAutomations",
    "contactLists",
    "fieldValues",
    "accountContacts",
)
# Relations that a contact knows by itself: other record -> association.
INDEXED = {"contactTags": "_tags", "contactLists": "_lists", "fieldValues": "_values"}
SHORT = "email phone firstName lastName cdate udate links id".split()


def create(call):
    """POST /contacts: 201 with a short contact; 422 for an e-mail that is known."""
    contact = people.create_contact(call.account, call.envelope("contact"))
    whole = call.show("contacts", contact)
    short = {name: whole[name] for name in SHORT}
    short |= {"orgid": "", "orgname": "", "organization": ""}
    return 201, {"fieldValues": values_of(call, contact), "contact": short}


def sync(call):
    """POST /contact/sync: upsert by e-mail."""
    values = call.envelope("contact")
    known = call.account["contacts"].lookup(people.normal(values.get("email")))
    if known:
        people.edit_contact(call.account, known, values)
    else:
        known = people.create_contact(call.account, values)
        return call.options.sync_created_status, full(call, known)
    return call.options.sync_existing_status, full(call, known)


def full(call, contact):
    """A whole contact: value ids inside, the values themselves beside it."""
    values = values_of(call, contact)
    shown = call.show("contacts", contact)
    shown |= {"fieldValues": [value["id"] for value in values], "organization": ""}
    return {"fieldValues": values, "contact": shown | {"orgid": "", "orgname": ""}}


def values_of(call, contact):
    """The contact's custom field values as the API shows them."""
    return related_rows(call, contact, "fieldValues")


def listing(call):
    """GET /contacts."""
    found = contact_filters.selected(call)
    page = call.page(found)[call.options.contacts_list_lacks :]
    return 200, {
        "scoreValues": [],
        **beside(call, page),
        "contacts": call.show_all("contacts", page),
        "meta": {
            "total": str(len(found)),
            "page_input": contact_filters.page_input(call),
        },
    }


def beside(call, contacts):
    """What `include=a,b` adds to a list; documented for other lists only."""
    wanted = call.params("include") if call.options.contacts_include else []
    names = {name for value in wanted for name in value.split(",")}
    return {
        name: [row for contact in contacts for row in related_rows(call, contact, name)]
        for name in SIDELOADS
        if name in names
    }


def read(call):
    """GET /contacts/{id} with its related records."""
    contact = call.record("contacts")
    related = {name: related_rows(call, contact, name) for name in SIDELOADS}
    related["deals"] = related_rows(call, contact, "deals")
    related |= {"geoAddresses": [], "geoIps": []}
    ids = {name: [row["id"] for row in rows] for name, rows in related.items()}
    del ids["geoAddresses"]
    return 200, related | {"contact": call.show("contacts", contact) | ids}


def related_rows(call, contact, plural):
    """Records of another kind that name this contact, as the API shows them."""
    if plural in INDEXED:
        table = call.account[plural]
        rows = [table[key] for key in contact[INDEXED[plural]].values()]
    else:
        rows = call.account.where(plural, contact=contact["id"])
    return call.show_all(plural, rows)


def update(call):
    """PUT /contacts/{id}."""
    contact = call.record("contacts")
    people.edit_contact(call.account, contact, call.envelope("contact"))
    shown = call.show("contacts", contact)
    return 200, {"fieldValues": values_of(call, contact), "contact": shown}


def delete(call):
    """DELETE /contacts/{id}: for good, with everything that hangs on it."""
    people.delete_contact(call.account, call.record("contacts"))
    return 200, {}


def related(plural):
    """A handler for GET /contacts/{id}/<plural>."""

    def handler(call):
        return 200, {plural: related_rows(call, call.record("contacts"), plural)}

    return handler


def always(name, value):
    """A handler for a relation of contacts that is the same for all of them."""

    def handler(call):
        call.record("contacts")
        return 200, {name: value}

    return handler


def entry_counts(call):
    """GET /contacts/{id}/automationEntryCounts."""
    contact, account = call.record("contacts"), call.account
    rows = []
    for automation in account["automations"].values():
        entries = account.where(
            "contactAutomations", contact=contact["id"], seriesid=automation["id"]
        )
        known = {
            name: str(automation[name]) for name in ("id", "name", "status", "hidden")
        }
        if entries:
            rows.append(known | {"contactEntryCount": str(len(entries))})
    return 200, {"automationEntryCounts": rows}


def score_values(call):
    """GET /contacts/{id}/scoreValues: one per contact score."""
    contact = call.record("contacts")
    return 200, {"scoreValues": related_rows(call, contact, "scoreValues")}


def contact_data(call):
    """GET /contacts/{id}/contactData."""
    contact = call.record("contacts")
    known = {"contact": str(contact["id"]), "tstamp": contact["udate"]}
    return 200, {"contactDatum": EMPTY_DATA | known | {"id": str(contact["id"])}}


def plus_append(call):
    """GET /contacts/{id}/plusAppend."""
    number = str(call.record("contacts")["id"])
    return 200, {"plusAppend": EMPTY_APPEND | {"contact": number, "id": number}}


EMPTY_DATA = {
    "geoTstamp": None,
    "geoIp4": "0",
    "geoCountry2": "",
    "geo_country": "",
    "geoState": "",
    "geoCity": "",
    "geoZip": "",
    "geoArea": "0",
    "geoLat": "0.000000",
    "geoLon": "0.000000",
    "geoTz": "",
    "geoTzOffset": "0.00",
    "ga_campaign_source": "",
    "ga_campaign_name": "",
    "ga_campaign_medium": "",
    "ga_campaign_term": "",
    "ga_campaign_content": "",
    "ga_campaign_customsegment": "",
    "ga_first_visit": None,
    "ga_times_visited": "0",
    "fb_id": "0",
    "fb_name": "",
    "tw_id": "0",
    "created_timestamp": "0000-00-00 00:00:00",
    "updated_timestamp": "0000-00-00 00:00:00",
    "created_by": "0",
    "updated_by": "0",
    "links": {},
}
EMPTY_APPEND = {
    "last_updated_rapleaf": None,
    "last_updated_fliptop": None,
    "last_updated_fullcontact": None,
    "imageUrl": "",
    "membershipsFacebook": "",
    "membershipsTwitter": "",
    "membershipsLinkedin": "",
    "links": {},
}

ROUTES = [
    ("POST", "/contacts", create),
    # The plural path is a plain create, as observed: 422 for a known e-mail.
    ("POST", "/contacts/sync", create),
    ("POST", "/contact/sync", sync),
    ("GET", "/contacts", listing),
    ("GET", "/contacts/{id}", read),
    ("PUT", "/contacts/{id}", update),
    ("DELETE", "/contacts/{id}", delete),
    ("GET", "/contacts/{id}/contactTags", related("contactTags")),
    ("GET", "/contacts/{id}/contactLists", related("contactLists")),
    ("GET", "/contacts/{id}/contactAutomations", related("contactAutomations")),
    ("GET", "/contacts/{id}/fieldValues", related("fieldValues")),
    ("GET", "/contacts/{id}/accountContacts", related("accountContacts")),
    ("GET", "/contacts/{id}/bounceLogs", related("bounceLogs")),
    ("GET", "/contacts/{id}/trackingLogs", related("trackingLogs")),
    ("GET", "/contacts/{id}/scoreValues", score_values),
    ("GET", "/contacts/{id}/automationEntryCounts", entry_counts),
    ("GET", "/contacts/{id}/contactData", contact_data),
    ("GET", "/contacts/{id}/plusAppend", plus_append),
    ("GET", "/contacts/{id}/contactLogs", always("contactLogs", [])),
    ("GET", "/contacts/{id}/contactGoals", always("contactGoals", [])),
    ("GET", "/contacts/{id}/geoIps", always("geoIps", [])),
]
