"""Small pieces of HTML. Text is escaped unless it is `Raw`."""

from html import escape


class Raw(str):
    """HTML that is ready."""


def safe(value):
    """A value as HTML."""
    if isinstance(value, Raw):
        return value
    return Raw(escape("" if value is None else str(value)))


def tag(name, /, *inner, **attributes):
    """An element; `class_` stands for class, True for an attribute without value."""
    written = "".join(
        f" {key.rstrip('_')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value not in (None, False)
    )
    return Raw(f"<{name}{written}>{''.join(map(safe, inner))}</{name}>")


def field(name, value="", **attributes):
    """A text input."""
    shown = {"name": name, "value": "" if value is None else value} | attributes
    written = "".join(f' {key}="{escape(str(item))}"' for key, item in shown.items())
    return Raw(f"<input{written}>")


def choice(name, options, chosen):
    """A drop-down list of `(value, label)`."""
    found = [
        tag("option", label, value=value, selected=value == chosen)
        for value, label in options
    ]
    return tag("select", *found, name=name)


def button(label, **attributes):
    """A button that sends its form."""
    return tag("button", label, **attributes)


def table(heads, rows, empty="None yet."):
    """A table, or a line of text when there are no rows."""
    if not rows:
        return tag("p", empty, class_="empty")
    head = tag("tr", *(tag("th", text) for text in heads))
    body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    inner = tag("table", tag("thead", head), tag("tbody", *body))
    return tag("div", inner, class_="scroll")


def section(title, *inner, **attributes):
    """A part of a page with a heading."""
    return tag("section", tag("h2", title), *inner, **attributes)


def chip(text, kind=""):
    """A short word in a coloured box."""
    return tag("span", text, class_=f"chip {kind}".strip())


def address(text):
    """A URL or the like: a long word that may be broken anywhere."""
    return tag("span", text, class_="address")


def page(title, style, *inner):
    """A whole document."""
    head = tag(
        "head",
        Raw('<meta charset="utf-8">'),
        Raw('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", title),
        tag("style", Raw(style)),
    )
    return "<!doctype html>" + tag("html", head, tag("body", *inner), lang="en")
