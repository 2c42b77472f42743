"""Automations and enrolment (OAS create-new-contactautomation ...)."""

from .. import people
from ..crud import read
from ..errors import Refused, missing

NOT_CREATED = {"message": "Could not create SubscriberSeries"}


def listing(call):
    """GET /automations."""
    found = list(call.account["automations"].values())
    starts = [
        {"id": str(row["id"]), "series": str(row["id"]), "type": occasion}
        for row in found
        for occasion in row["_starts"]
    ]
    answer = call.many("automations", found)
    answer["meta"] |= {"starts": starts, "filtered": False, "smsLogs": []}
    return 200, answer


def read_one(call):
    """GET /automations/{id}: a list with one automation, as the reference shows it."""
    return 200, {"automations": [call.show("automations", call.record("automations"))]}


def enter(call):
    """POST /contactAutomations: 201; 403 for an unknown contact or automation."""
    values = call.envelope("contactAutomation")
    contact = call.account.get("contacts", values.get("contact"))
    automation = call.account.get("automations", values.get("automation"))
    if contact is None or automation is None:
        raise Refused(403, NOT_CREATED)
    record = people.enter_automation(call.account, contact, automation)
    beside = {"contacts": [call.show("contacts", contact)]}
    return 201, beside | call.one("contactAutomations", record)


def entries(call):
    """GET /contactAutomations."""
    answer = call.many(
        "contactAutomations", list(call.account["contactAutomations"].values())
    )
    answer["meta"]["showcase_stats"] = []
    return 200, answer


def leave(call):
    """DELETE /contactAutomations/{id}: 403 for an unknown entry."""
    record = call.account.get("contactAutomations", call.path["id"])
    if record is None:
        raise missing("SubscriberSeries", call.path["id"], 403)
    call.account.drop("contactAutomations", record)
    return 200, {}


def related(plural):
    """GET /contactAutomations/{id}/<contact or automation>."""

    def handler(call):
        record = call.record("contactAutomations")
        singular = plural[:-1]
        return 200, call.one(plural, call.account.need(plural, record[singular]))

    return handler


ROUTES = [
    ("GET", "/automations", listing),
    ("GET", "/automations/{id}", read_one),
    ("POST", "/contactAutomations", enter),
    ("GET", "/contactAutomations", entries),
    read("contactAutomations"),
    ("DELETE", "/contactAutomations/{id}", leave),
    ("GET", "/contactAutomations/{id}/contact", related("contacts")),
    ("GET", "/contactAutomations/{id}/automation", related("automations")),
]
