"""Event and site tracking (OAS eventTracking, siteTracking, url whitelist)."""

import json

from ..account import number
from ..errors import Refused

LONGEST_NAME, LONGEST_VALUE = 32, 255
CODE = (
    '<script type="text/javascript">'
    "(function(e,t,o,n,p,r,i){e.visitorGlobalObjectAlias=n;})"
    '(window,document,"script","https://diffuser-cdn.app-us1.com/diffuser/diffuser.js",'
    '"vgo");vgo("setAccount","1");vgo("setTrackByDefault",true);vgo("process");</script>'
)


def switch(name):
    """GET and PUT of an account-wide switch."""

    def get(call):
        return 200, {name: {"enabled": call.account.settings[name]}}

    def put(call):
        call.account.settings[name] = bool(call.envelope(name).get("enabled"))
        return get(call)

    return [("GET", f"/{name}", get), ("PUT", f"/{name}", put)]


def create_event(call):
    """POST /eventTrackingEvents: a name to be tracked."""
    name = str(call.envelope("eventTrackingEvent").get("name") or "")
    if not name or len(name) > LONGEST_NAME:
        raise Refused(400, {})
    ensure_event(call.account, name)
    return 201, {"eventTrackingEvent": {"name": name}}


def ensure_event(account, name):
    """The event of this name, made if need be."""
    events = account["eventTrackingEvents"]
    return events.lookup(name) or account.add("eventTrackingEvents", name=name)


def list_events(call):
    """GET /eventTrackingEvents: names only; the total is a number."""
    rows = [
        {"name": row["name"]} for row in call.account["eventTrackingEvents"].values()
    ]
    return 200, {"eventTrackingEvents": rows, "meta": {"total": len(rows)}}


def delete_event(call):
    """DELETE /eventTrackingEvents/{name}."""
    event = call.account["eventTrackingEvents"].lookup(call.path["name"])
    if event is None:
        raise Refused(400, {})
    call.account.drop("eventTrackingEvents", event)
    return 200, {}


def code(call):
    """GET /siteTracking/code: plain text, not JSON."""
    return 200, CODE


# ------------------------------------------------------------------------- whitelist


def allow_site(call):
    """POST /prism/urlWhitelistings: 201, and 409 for a known domain."""
    name = str(call.envelope("siteTrackingDomain").get("name") or "")
    if not name:
        raise Refused(400, {})
    if call.account["urlWhitelistings"].lookup(name):
        raise Refused(409, {"message": "The domain is already whitelisted."})
    stamp = call.account.iso()
    site = call.account.add("urlWhitelistings", name=name, created=stamp)
    return 201, {"data": shown_site(site)}


def shown_site(site):
    """A domain in the JSON:API shape of this family."""
    return {
        "type": "urlWhitelistings",
        "id": str(site["id"]),
        "attributes": {
            "whitelisted_domain": site["name"],
            "whitelisted_page": "*",
            "tracking_enabled": True,
            "conversations_enabled": False,
            "wp_enabled": False,
            "url_regex": f"#^{site['name']}(/.*)?$#",
            "updated_at": site["created"],
            "created_at": site["created"],
        },
    }


def sites(call):
    """GET /prism/urlWhitelistings."""
    rows = call.account["urlWhitelistings"].values()
    return 200, {"data": [shown_site(site) for site in rows]}


def forbid_site(call):
    """DELETE /prism/urlWhitelistings/{id}: 204."""
    call.account.drop("urlWhitelistings", call.record("urlWhitelistings"))
    return 204, None


# --------------------------------------------------------------------- trackcmp.net


def track(call):
    """POST /event of the tracking host: form-encoded, with a key of its own."""
    form = call.body if isinstance(call.body, dict) else {}
    problem = mistake(call, form)
    if problem:
        return 200, {"success": 0, "message": problem}
    record_event(call.account, form, visitor(form))
    return 200, {"success": 1, "message": "Event spawned"}


def mistake(call, form):
    """Why an event is not taken, or None."""
    expected = (call.options.tracking_account, call.options.tracking_key)
    if (form.get("actid"), form.get("key")) != expected:
        return "Invalid account or key"
    if not call.account.settings["eventTracking"]:
        return "Event tracking is disabled"
    if not form.get("event") or len(form["event"]) > LONGEST_NAME:
        return "Invalid event"
    return None if visitor(form) else "No visit"


def visitor(form):
    """The e-mail in `visit`, which is JSON inside the form."""
    try:
        return json.loads(form.get("visit") or "{}").get("email")
    except (ValueError, AttributeError):
        return None


def record_event(account, form, email):
    """A line in the contact's tracking log; unknown visitors leave none."""
    ensure_event(account, form["event"])
    contact = account["contacts"].lookup(email)
    if contact:
        account.add(
            "trackingLogs",
            subscriberid=contact["id"],
            contact=contact["id"],
            type=form["event"],
            value=str(form.get("eventdata") or "")[:LONGEST_VALUE],
            tstamp=account.iso(),
            hash=account.token(40),
        )


def logged_contact(call):
    """GET /trackingLogs/{id}/contact."""
    record = call.record("trackingLogs")
    contact = call.account.need("contacts", number(record["contact"]))
    return 200, call.one("contacts", contact)


ROUTES = [
    *switch("eventTracking"),
    *switch("siteTracking"),
    ("GET", "/siteTracking/code", code),
    ("POST", "/eventTrackingEvents", create_event),
    ("GET", "/eventTrackingEvents", list_events),
    ("DELETE", "/eventTrackingEvents/{name}", delete_event),
    ("POST", "/prism/urlWhitelistings", allow_site),
    ("GET", "/prism/urlWhitelistings", sites),
    ("DELETE", "/prism/urlWhitelistings/{id}", forbid_site),
    ("GET", "/trackingLogs/{id}/contact", logged_contact),
]
