"""The first page: everything the account holds, at a glance."""

import time

from ..account import number
from ..deliveries import public_part
from .deals import deals_section
from .html import address, chip, section, table, tag
from .people import contacts_section
from .rows import SHOWN, latest, money

COUNTED = {
    "contacts": "contacts",
    "accounts": "accounts",
    "deals": "deals",
    "orders": "ecomOrders",
    "webhooks": "webhooks",
}
ORDER_STATUS = (
    "pending completed abandoned recovered waiting cancelled refunded".split()
)


def overview_of(sim, search, start):
    """Everything at a glance."""
    account = sim.account
    return [
        cards(sim),
        contacts_section(account, search, start),
        deals_section(account),
        tag("div", orders_section(account), products_section(account), class_="pair"),
        tag("div", accounts_section(account), webhooks_section(account), class_="pair"),
        deliveries_section(sim),
        requests_section(sim),
    ]


def cards(sim):
    """The numbers; the rate is that of the last requests only, as counting takes time."""
    recent = sim.journal.report(since=sim.journal.number - 1000)
    counts = {name: len(sim.account[plural]) for name, plural in COUNTED.items()}
    counts["requests"] = len(sim.journal.entries)
    counts["most in a second"] = recent["max_per_second_accepted"]
    found = [
        tag("div", tag("b", f"{count:,}"), tag("span", name), class_="card")
        for name, count in counts.items()
    ]
    return tag("div", *found, class_="cards")


def accounts_section(account):
    """The newest accounts."""
    rows = [
        (row["id"], row["name"], address(row.get("accountUrl") or ""))
        for row in latest(account["accounts"])
    ]
    return section("Accounts", table(("Id", "Name", "Website"), rows))


def orders_section(account):
    """The newest orders and carts."""
    rows = [
        (
            order["id"],
            order.get("externalid") or order.get("externalcheckoutid"),
            order.get("email"),
            money(order.get("totalPrice"), order.get("currency")),
            chip(dict(enumerate(ORDER_STATUS)).get(number(order["state"]), "other")),
        )
        for order in latest(account["ecomOrders"])
    ]
    return section("Orders", table(("Id", "Number", "E-mail", "Total", "State"), rows))


def products_section(account):
    """The newest products of the catalogue."""
    rows = [
        (
            row["id"],
            row["storePrimaryId"],
            row.get("variantName") or row.get("baseProductName"),
            money(
                100 * (row.get("variantPriceAmount") or 0),
                row.get("variantPriceCurrency") or "",
            ),
        )
        for row in latest(account["products"])
    ]
    return section("Products", table(("Id", "Store id", "Name", "Price"), rows))


def webhooks_section(account):
    """All webhooks; tokens in their addresses are not shown."""
    rows = [
        (
            hook["id"],
            hook["name"],
            address(public_part(hook["url"])),
            chip(f"{len(hook['events'])} events", "dull"),
            chip("inactive", "bad")
            if hook.get("_inactive")
            else chip("active", "good"),
        )
        for hook in latest(account["webhooks"])
    ]
    return section("Webhooks", table(("Id", "Name", "Address", "Events", ""), rows))


def deliveries_section(sim):
    """The last attempts to deliver a webhook."""
    rows = [
        (clock(a["t"]), a["type"], address(a["url"]), outcome(a["status"]))
        for a in reversed(sim.deliveries.attempts[-SHOWN:])
    ]
    title = f"Deliveries ({len(sim.deliveries.attempts):,})"
    return section(title, table(("Time", "Event", "Address", "Status"), rows))


def requests_section(sim):
    """The last requests to the API."""
    rows = [
        (
            e["n"],
            clock(e["t"]),
            e["method"],
            address(e["path"]),
            address(e["query"][:60]),
            outcome(e["status"]),
            f"{e['ms']:.1f}",
            e["fault"],
        )
        for e in reversed(sim.journal.entries[-20:])
    ]
    heads = ("No.", "Time", "Method", "Path", "Query", "Status", "ms", "Fault")
    return section("Recent requests", table(heads, rows))


def outcome(status):
    """A status as a chip; 0 is a connection without an answer."""
    kind = "good" if 200 <= status < 300 else "bad"
    return chip(status or "none", kind)


def clock(seconds):
    """A time of day, here."""
    return time.strftime("%H:%M:%S", time.localtime(seconds))
