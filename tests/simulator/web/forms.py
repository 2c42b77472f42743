"""What both pages show of a contact, and the forms that do something."""

from .html import Raw, button, chip, field, tag

LIST_STATUS = {
    "1": ("active", "good"),
    "2": ("unsubscribed", "bad"),
    "3": ("bounced", "bad"),
}


def chips(names, most=4):
    """Names as chips, the rest as a number."""
    names = list(names)
    more = [chip(f"+{len(names) - most}", "dull")] if len(names) > most else []
    return Raw("".join([*map(chip, names[:most]), *more]))


def statuses(account, contact):
    """Status of a contact on its lists."""
    found = []
    for key, row in contact["_lists"].items():
        word, kind = LIST_STATUS.get(
            account["contactLists"][row]["status"], ("unconfirmed", "")
        )
        found.append(chip(f"{account['lists'][key]['name']}: {word}", kind))
    return Raw("".join(found))


def action_form(action, contact, *inner, back="/", class_="row"):
    """A form that does something with a contact."""
    who = field("contact", contact["id"], type="hidden")
    return send_form(action, who, *inner, back=back, class_=class_)


def send_form(action, *inner, back="/", class_="row"):
    """A form that does one of `ACTIONS` and comes `back`."""
    return tag(
        "form",
        field("back", back, type="hidden"),
        *inner,
        action=f"/do/{action}",
        method="post",
        class_=class_,
    )


def tag_form(contact, back="/"):
    """Give a contact a tag."""
    return action_form(
        "tag",
        contact,
        field("tag", placeholder="tag", size=8, required=""),
        button("tag"),
        back=back,
    )
