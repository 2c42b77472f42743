"""The page of one contact: edit it, act for it, see what it has done."""

from ..payloads import tag_names
from ..people import NAMES
from .forms import action_form, statuses, tag_form
from .html import button, chip, field, section, table, tag

SHOWN = 12


def contact_page(account, contact):
    """One contact: edit it, act for it, see what it has done."""
    back = f"/contacts/{contact['id']}"
    left = [edit_section(account, contact, back)]
    right = [
        act_section(contact, back),
        tags_section(account, contact, back),
        section(
            "Lists", statuses(account, contact) or tag("p", "None yet.", class_="empty")
        ),
    ]
    return [
        tag(
            "div",
            tag("div", *left, class_="stack"),
            tag("div", *right, class_="stack"),
            class_="pair",
        ),
        history_section(account, contact),
    ]


def edit_section(account, contact, back):
    """A form with names, e-mail, phone and custom fields."""
    rows = [("E-mail", field("new_email", contact["email"]))]
    labels = ("First name", "Last name", "Phone")
    rows += [
        (label, field(name, contact[name]))
        for label, name in zip(labels, NAMES, strict=True)
    ]
    values = account["fieldValues"]
    for key, custom in account["fields"].items():
        known = contact["_values"].get(key)
        value = values[known]["value"] if known else ""
        rows.append((custom["title"], field(f"fields[{key}]", value)))
    cells = [cell for label, control in rows for cell in (tag("label", label), control)]
    form = action_form(
        "edit",
        contact,
        tag("div", *cells, class_="grid"),
        button("Save", class_="main"),
        back=back,
        class_=None,
    )
    return section(f"Contact {contact['id']}", form)


def act_section(contact, back):
    """Buttons for what the contact itself can do."""
    actions = (
        "open",
        "click",
        "reply",
        "forward",
        "bounce",
        "subscribe",
        "unsubscribe",
        "sms_reply",
    )
    forms = [
        action_form(name, contact, button(name.replace("_", " ")), back=back)
        for name in actions
    ]
    return section("Act for this person", tag("div", *forms, class_="row"))


def tags_section(account, contact, back):
    """Tags, each with a way to take it away."""
    forms = [
        action_form(
            "untag",
            contact,
            field("tag", name, type="hidden"),
            chip(name),
            button("×"),
            back=back,
        )
        for name in tag_names(account, contact)
    ]
    return section("Tags", tag("div", *forms, tag_form(contact, back), class_="row"))


def history_section(account, contact):
    """What the contact has done, newest first."""
    found = account.where("activities", subscriberid=contact["id"])[-SHOWN:]
    rows = [
        (
            row["tstamp"][:19].replace("T", " "),
            row["reference_type"],
            row["reference_action"],
        )
        for row in reversed(found)
    ]
    return section("Activities", table(("Time", "Kind", "What"), rows))
