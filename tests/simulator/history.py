"""The trail that a contact's doings leave in the account: activities and bounces."""

# event: (reference_type, reference_action, model name), as GET /activities names them
REFERENCES = {
    "open": ("Log", "open", "log"),
    "click": ("LinkData", "click", "link-data"),
    "reply": ("Log", "reply", "log"),
    "forward": ("Log", "forward", "log"),
    "share": ("Log", "share", "log"),
    "bounce": ("Log", "bounce", "log"),
    "subscribe": ("SubscriberList", "subscribe", "contact-list"),
    "unsubscribe": ("SubscriberList", "unsubscribe", "contact-list"),
    "update": ("Subscriber", "update", "contact"),
    "contact_tag_added": ("SubscriberTag", "add", "contact-tag"),
    "contact_tag_removed": ("SubscriberTag", "remove", "contact-tag"),
    "subscriber_note": ("Note", "add", "note"),
    "sms_sent": ("Sms", "sent", "sms"),
    "sms_reply": ("Sms", "reply", "sms"),
    "sms_unsub": ("Sms", "unsubscribe", "sms"),
}


def remember(account, event, contact, reference_id=0, parts=None):
    """One line of GET /activities for events that have one; `parts` as in `people.tell`."""
    if event not in REFERENCES:
        return
    kind, action, model = REFERENCES[event]
    parts = parts or {}
    record = account.add(
        "activities",
        tstamp=account.iso(),
        subscriberid=contact["id"],
        reference_type=kind,
        reference_id=reference_id,
        reference_action=action,
        jsonData=None,
        userid="1",
        permission="",
        referenceModelName=model,
        notes=[],
        recipients=[],
        reference={"type": model, "id": str(reference_id)},
        user="1",
        _campaign=parts.get("campaign", {}).get("id"),
        _link=parts.get("link", {}).get("url"),
    )
    if record["_campaign"]:
        record["reference_id"] = record["id"]
        record["reference"] = {"type": model, "id": str(record["id"])}


def remember_bounce(account, contact, campaign, code):
    """One line of GET /contacts/{id}/bounceLogs."""
    account.add(
        "bounceLogs",
        tstamp=account.iso(),
        bounceid="1",
        subscriberid=contact["id"],
        campaignid=campaign["id"],
        messageid=campaign["id"],
        codeid="48",
        email=contact["email"],
        error=code,
        source="",
        created_timestamp=account.plain(),
        updated_timestamp=account.plain(),
        created_by=None,
        updated_by=None,
        bounce="1",
        contact=contact["id"],
        campaign=campaign["id"],
        message=campaign["id"],
        code="48",
    )


def forget(account, contact):
    """Remove the trail of a contact that is deleted."""
    for row in account.where("activities", subscriberid=contact["id"]):
        account.drop("activities", row)
    for plural in ("bounceLogs", "trackingLogs", "scoreValues"):
        for row in account.where(plural, contact=contact["id"]):
            account.drop(plural, row)
