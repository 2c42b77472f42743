# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the API tells, spelled as the webhooks spell it: one form for every applier.

Values only: no SQL, no network. All values are text, as in a delivery. Webhooks give a
deal's value in units where the API gives cents (captured deliveries).
"""

from .contact import UNSUBSCRIBED

BOUNCED = 3
"""AC's status of a contact on a list, after `mapping.contact`'s two."""
ENGAGEMENT = frozenset({"open", "click", "reply", "forward", "share"})
"""Actions of ``GET /activities`` that are events of their own; the others are found
with the contact, its lists or its deals."""


def of_contact(contact, known):
    """Return ``update``, or ``subscribe`` without a list for a contact that is new here.

    :param contact: of ``GET /contacts``
    :param known: whether a partner is linked with it
    """
    said = {"type": "update"} if known else {"type": "subscribe", "list": "0"}
    return {
        **said,
        "date_time": _text(contact.get("udate")),
        "contact": person(contact),
    }


def of_membership(contact, row):
    """Return ``subscribe`` or ``unsubscribe`` from one list.

    :param row: of ``GET /contacts/{id}/contactLists``
    """
    gone = _text(row.get("status")) == str(UNSUBSCRIBED)
    said = {
        "type": "unsubscribe" if gone else "subscribe",
        "date_time": _text(row.get("udate") or row.get("sdate")),
        "list": _text(row.get("list")),
        "contact": person(contact),
    }
    reason = _text(row.get("unsubreason"))
    return {**said, "unsubscribe": {"reason": reason}} if gone and reason else said


def of_bounce(contact):
    """Return ``bounce`` of a contact whose subscriptions have the status *bounced*: only
    a hard bounce does that."""
    return {
        "type": "bounce",
        "date_time": _moment(contact.get("bounced_date") or contact.get("udate")),
        "contact": person(contact),
        "bounce": {"type": "hard"},
    }


def of_deal(deal, names):
    """Return ``deal_update`` that tells where a deal stands.

    :param names: ``{("pipeline" or "stage", AC id): name}``
    """
    group, stage = _text(deal.get("group")), _text(deal.get("stage"))
    return {
        "type": "deal_update",
        "date_time": _text(deal.get("mdate")),
        "contact": {"id": _text(deal.get("contact"))},
        "deal": {
            "id": _text(deal.get("id")),
            "title": _text(deal.get("title")),
            "pipelineid": group,
            "pipeline_title": names.get(("pipeline", group), ""),
            "stageid": stage,
            "stage_title": names.get(("stage", stage), ""),
            "status": _text(deal.get("status")),
            "owner": _text(deal.get("owner")),
            "currency": _text(deal.get("currency")),
            "value_raw": units(deal.get("value")),
        },
    }


def of_activity(activity, contact_id, campaigns):
    """Return the event of one activity, None for those that are no engagement.

    :param campaigns: ``{AC id: campaign}`` that came with the activities
    """
    action = _text(activity.get("reference_action"))
    if action not in ENGAGEMENT:
        return None
    event = {
        "type": action,
        "date_time": _text(activity.get("tstamp")),
        "contact": {"id": contact_id},
        "activity": _text(activity.get("id")),
    }
    if campaign := campaigns.get(_text(activity.get("campaign"))):
        event["campaign"] = _campaign(campaign)
    if url := _text(activity.get("link")):
        event["link"] = {"url": url}
    return event


def _campaign(campaign):
    name = _text(campaign.get("name"))
    subject = _text(campaign.get("subject")) or name
    return {
        "id": _text(campaign.get("id")),
        "name": name,
        "message": {"subject": subject},
    }


def person(contact):
    """Return ``contact[...]`` of an event."""
    return {
        "id": _text(contact.get("id")),
        "email": _text(contact.get("email")),
        "first_name": _text(contact.get("firstName")),
        "last_name": _text(contact.get("lastName")),
        "phone": _text(contact.get("phone")),
    }


def units(cents):
    """Return cents as plain units: "118700" becomes "1187.00"."""
    try:
        whole = int(cents)
    except (TypeError, ValueError):
        return ""
    sign = "-" if whole < 0 else ""
    return f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def _moment(value):
    """A contact's `bounced_date` has no time; the same bounce must have the same moment
    each time it is found."""
    value = _text(value)
    return f"{value}T00:00:00+00:00" if len(value) == len("2026-07-18") else value


def _text(value):
    return "" if value is None or value is False else str(value)
