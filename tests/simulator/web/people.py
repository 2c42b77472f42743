"""The table of contacts."""

from ..payloads import company_of, tag_names
from .forms import action_form, chips, send_form, statuses, tag_form
from .html import Raw, button, field, table, tag

SHOWN = 15
ONE_CLICK = ("open", "click", "unsubscribe")


def contacts_section(account, search, start):
    """Contacts with what a person can do with one click."""
    needle = search.casefold()
    found = [c for c in reversed(account["contacts"].values()) if needle in text_of(c)]
    rows = [contact_row(account, c) for c in found[start : start + SHOWN]]
    heads = ("Id", "E-mail", "Name", "Account", "Tags", "Lists", "Do")
    finder = tag(
        "form",
        field("search", search, placeholder="Search"),
        button("Search"),
        class_="row",
    )
    bar = tag("div", tag("h2", f"Contacts ({len(found):,})"), finder, class_="bar")
    return tag(
        "section",
        bar,
        table(heads, rows),
        turner(search, start, len(found)),
        new_contact(),
    )


def text_of(contact):
    """What a search looks at."""
    names = (contact["email"], contact["firstName"], contact["lastName"])
    return " ".join(names).casefold()


def turner(search, start, total):
    """Links to newer and older contacts."""
    links = []
    for label, other in (
        ("← newer", start - SHOWN),
        ("older →", start + SHOWN),
    ):
        if 0 <= other < total:
            links.append(tag("a", label, href=f"/?search={search}&from={other}"))
    return tag("p", *links, class_="row") if links else Raw("")


def contact_row(account, contact):
    """One line of the table of contacts."""
    company = company_of(account, contact)
    name = f"{contact['firstName']} {contact['lastName']}".strip()
    doing = [action_form(action, contact, button(action)) for action in ONE_CLICK]
    doing.append(tag_form(contact))
    return (
        contact["id"],
        tag("a", contact["email"], href=f"/contacts/{contact['id']}"),
        name,
        company["name"] if company else "",
        chips(tag_names(account, contact)),
        statuses(account, contact),
        tag("div", *doing, class_="row"),
    )


def new_contact():
    """A form on which a visitor subscribes."""
    return send_form(
        "form",
        field("email", placeholder="someone@example.com", type="email", required=""),
        field("firstName", placeholder="First name", size=12),
        field("lastName", placeholder="Last name", size=12),
        button("Subscribe by form", class_="main"),
    )
