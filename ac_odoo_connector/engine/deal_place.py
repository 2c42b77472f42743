# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a deal stands: ``{"group", "stage": AC ids, "status": int, "moment", "heard"}``.

`moment` is when it was changed by ActiveCampaign's clock, `heard` when we were told, or
had asked, by our own.
"""

from datetime import datetime

from odoo import fields

from ..activecampaign import deal_value


def of_event(event):
    """Return the place that an event tells, with ``"amount": [cents, currency]``.

    Webhooks tell the value in units ("100.00", ``value_raw`` "100"); the API in cents
    (captured deliveries, OAS create-a-deal-new).
    """
    moment = event.occurred_at or event.create_date
    return {
        "group": event._value("deal", "pipelineid"),
        "stage": event._value("deal", "stageid"),
        "status": _number(event._value("deal", "status")),
        "moment": fields.Datetime.to_string(moment),
        "heard": fields.Datetime.to_string(_heard(event)),
        "amount": _amount(event),
    }


def _heard(event):
    read_at = (event.known or {}).get("read_at")
    return datetime.fromisoformat(read_at) if read_at else event.create_date


def _number(value):
    return int(value) if value.isdecimal() and len(value) < 5 else 0


def _amount(event):
    units = deal_value({"value_raw": event._value("deal", "value_raw")})
    if units is None:
        return None
    return [int((units * 100).to_integral_value()), event._value("deal", "currency")]


def of_link(link):
    """Return the last known place of a linked deal, ``{}`` when nobody has told it.

    Where nobody has told more, it is what Odoo has told, which may name no stage.
    """
    sent = link.sent or {}
    group, stage, status = sent.get("at") or ("", "", None)
    told = {"group": group, "stage": stage, "status": status} if group else {}
    return told | (sent.get("place") or {})


def named(deal):
    """Return ``{"place": ...}`` of what a request or an answer says of it, ``{}`` if
    nothing."""
    place = {key: str(deal[key]) for key in ("group", "stage") if deal.get(key)}
    if str(deal.get("status", "")).isdecimal():
        place["status"] = int(deal["status"])
    return {"place": place} if place else {}


def fits(told, place):
    """Whether a deal stands where Odoo has told it to.

    :param told: ``[group, stage or "", status]``
    """
    group, stage, status = told
    return (
        group == place["group"]
        and stage in ("", place["stage"])
        and status == place["status"]
    )


def is_older(event, place, before):
    """Whether another message, later than this one, was applied before.

    What was read after that came is true, whatever the account's clock says.
    """
    if event.source != "webhook" and place["heard"] >= before.get("heard", ""):
        return False
    return place["moment"] < before.get("moment", "")


def is_move(event, link, before, place):
    """Whether somebody other than Odoo has moved the deal.

    Our own pushes come back, too, perhaps when Odoo has told something else meanwhile.
    """
    told = (link.sent or {}).get("at")
    if event._value("initiated_from") == "api":
        return bool(told) and not (fits(told, place) or _was_ours(link, place))
    if not before:
        return False
    return not fits([before["group"], before["stage"], before["status"]], place)


def _was_ours(link, place):
    synced_at = link.synced_at and fields.Datetime.to_string(link.synced_at)
    return link.state != "synced" or place["moment"] <= (synced_at or "")


def in_words(event, link, before, place):
    """Return who moved the deal from where to where, as one sentence."""
    env = event.env
    title = event._value("deal", "pipeline_title")
    stage = event._value("deal", "stage_title")
    new = " › ".join(part for part in (title, stage) if part)
    old = link._place_words(before)
    who = event._value("initiated_by") or event._value("initiated_from")
    statuses = dict(
        env["ac.deal.stage.mapping"]._fields["status"]._description_selection(env)
    )
    values = {
        "who": who or env._("somebody"),
        "old": f"{old} ({statuses.get(str(before.get('status')), '')})",
        "new": f"{new} ({statuses.get(str(place['status']), '')})",
    }
    return env._("Deal moved in ActiveCampaign by %(who)s: %(old)s → %(new)s", **values)
