"""Webhooks: registration (OAS create-webhook). Deliveries are in `deliveries.py`."""

from urllib.parse import urlsplit

from ..account import number
from ..crud import pick, read, remove
from ..errors import Refused, invalid

EVENTS = (
    "bounce click contact_tag_added contact_tag_removed deal_add deal_note_add "
    "deal_pipeline_add deal_stage_add deal_task_add deal_task_complete "
    "deal_tasktype_add deal_update forward list_add open reply sent share sms_reply "
    "sms_sent sms_unsub subscribe subscriber_note unsubscribe update"
).split()
# Accepted although GET /webhook/events does not name them.
UNLISTED_EVENTS = (
    "contact_task_add account_add account_update account_contact_add "
    "account_contact_update"
).split()
SOURCES = ["public", "admin", "api", "system"]


def checked(call, values):
    """Values of a webhook, refused when one cannot work."""
    values = pick(values, ("name", "url", "events", "sources", "listid"))
    if "url" in values:
        check_url(call, str(values["url"]))
    unknown = set(values.get("events", [])) - {*EVENTS, *UNLISTED_EVENTS}
    if unknown or set(values.get("sources", [])) - {*SOURCES}:
        raise invalid("Unknown event or source", "field_invalid", "events")
    if "listid" in values:
        values["listid"] = str(number(values["listid"]))
    return values


def check_url(call, url):
    """https on the standard port only, unless plain http is allowed (localhost)."""
    parts = urlsplit(url)
    if call.options.allow_http_webhooks and parts.scheme == "http":
        return
    if parts.scheme != "https" or parts.port not in (None, 443):
        raise invalid("The webhook url is not valid.", "field_invalid", "url")


def create(call):
    """POST /webhooks: 201."""
    values = call.envelope("webhook")
    if not values.get("url") or not values.get("events"):
        raise Refused(400, {})
    given = {"name": "", "sources": SOURCES, "listid": "0"} | checked(call, values)
    webhook = call.account.add("webhooks", cdate=call.account.iso(), **given)
    return 201, call.one("webhooks", webhook)


def listing(call):
    """GET /webhooks by name, url and listid. Inactive ones look like the others."""
    wanted = pick(call.filters(), ("name", "url", "listid"))
    return 200, call.many("webhooks", call.account.where("webhooks", **wanted))


def update(call):
    """PUT /webhooks/{id}; one that a 410 has deactivated stays inactive."""
    webhook = call.record("webhooks")
    values = checked(call, call.envelope("webhook"))
    call.account.change("webhooks", webhook, **values)
    return 200, call.one("webhooks", webhook)


def events(call):
    """GET /webhook/events: the total is a number here."""
    return 200, {"webhookEvents": EVENTS, "meta": {"total": len(EVENTS)}}


ROUTES = [
    ("POST", "/webhooks", create),
    ("GET", "/webhooks", listing),
    read("webhooks"),
    ("PUT", "/webhooks/{id}", update),
    remove("webhooks"),
    ("GET", "/webhook/events", events),
]
