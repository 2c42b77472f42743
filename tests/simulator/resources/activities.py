"""What contacts have done, and the campaigns they have done it with."""

from ..account import number
from ..crud import read
from ..errors import Refused
from ..moments import seconds


def listing(call):
    """GET /activities?contact=&after=: newest first."""
    if not call.param("contact"):
        raise Refused(400, {})
    contact = call.account.need("contacts", call.param("contact"))
    rows = call.account.where("activities", subscriberid=contact["id"])
    if call.param("after"):
        border = seconds(call.account, call.param("after"))
        rows = [row for row in rows if seconds(call.account, row["tstamp"]) > border]
    ascending = call.orders().get("tstamp") == "ASC"
    rows = sorted(rows, key=lambda row: row["id"], reverse=not ascending)
    answer = call.many("activities", rows)
    if not call.options.activity_total:
        del answer["meta"]
    return 200, {
        "contacts": [call.show("contacts", contact)],
        "activityRecipients": [],
        **referred(call, rows),
        **answer,
    }


def referred(call, rows):
    """What `include=reference.campaign` puts beside the activities; its exact shape is
    not established, and it can be left out."""
    included = str(call.param("include", "")).split(",")
    if not (call.options.activity_campaigns and "reference.campaign" in included):
        return {}
    rows = [row for row in rows if row["_campaign"]]
    keys = sorted({row["_campaign"] for row in rows})
    found = [call.account.get("campaigns", key) for key in keys]
    logs = [
        {"id": str(row["id"]), "campaign": str(row["_campaign"]), "link": row["_link"]}
        for row in rows
    ]
    return {"logs": logs, "campaigns": call.show_all("campaigns", found)}


def emails(call):
    """GET /emailActivities?filters[subscriberid]=: what was done with e-mails."""
    wanted = call.filters().get("subscriberid")
    rows = [
        row
        for row in call.account["activities"].values()
        if row["reference_type"] in ("Log", "LinkData")
        and (wanted is None or str(row["subscriberid"]) == wanted)
    ]
    answer = call.many("activities", rows)
    return 200, {"emailActivities": answer["activities"], "meta": answer["meta"]}


def campaigns(call):
    """GET /campaigns by `orders[sdate|ldate]`."""
    found = list(call.account["campaigns"].values())
    if "seriesid" in call.filters():
        found = call.account.where("campaigns", seriesid=call.filters()["seriesid"])
    for name, direction in call.orders().items():
        found = sorted(
            found,
            key=lambda row: row.get(name) or "",
            reverse=direction == "DESC",  # noqa: B023
        )
    return 200, call.many("campaigns", found)


def links(call):
    """GET /campaigns/{id}/links: the read tracker and one link."""
    campaign = str(call.record("campaigns")["id"])
    targets = (("open", "Read Tracker"), ("https://example.com/offer", "Offer"))
    rows = [
        {
            "campaignid": campaign,
            "messageid": campaign,
            "link": target,
            "name": name,
            "ref": "",
            "tracked": "1",
            "links": {
                relation: f"{call.base}/links/{key}/{relation}"
                for relation in ("campaign", "message")
            },
            "id": str(key),
            "campaign": campaign,
            "message": campaign,
        }
        for key, (target, name) in enumerate(targets, 2 * number(campaign) - 1)
    ]
    return 200, {"links": rows}


ROUTES = [
    ("GET", "/activities", listing),
    ("GET", "/emailActivities", emails),
    ("GET", "/campaigns", campaigns),
    read("campaigns"),
    ("GET", "/campaigns/{id}/links", links),
]
