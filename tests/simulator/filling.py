"""Filling an account with invented records."""

from . import people, sales
from .furniture import add_automation, add_field, add_list

FIRST_NAMES = (
    "Ada Björn Chloé Dimitri Elif Fátima Gwen Håkon Inès Jürgen Kofi Łucja"
).split()
LAST_NAMES = (
    "Almeida Brânză Çelik Dvořák Eriksen Fuß Grön Høst Iñigo Jakšić Ōta Žižka"
).split()


def fill(account, **numbers):
    """Add so many records of each kind of `FILLERS`; returns the numbers added."""
    for plural in numbers:
        if plural not in FILLERS:
            raise ValueError(f"cannot fill {plural!r}")
    for plural, add in FILLERS.items():
        first = account[plural].last + 1
        for position in range(first, first + numbers.get(plural, 0)):
            add(account, position)
    return numbers


def fill_field(account, position):
    """A text field that is visible on all lists."""
    field = add_field(account, f"Field {position}")
    account.add(
        "fieldRels", field=field["id"], relid="0", dorder="0", cdate=account.iso()
    )


def fill_contact(account, position):
    """A person whose e-mail is unique by `position`."""
    person = {
        "email": f"person{position}@example.com",
        "firstName": account.random.choice(FIRST_NAMES),
        "lastName": account.random.choice(LAST_NAMES),
        "phone": f"+1555555{account.random.randrange(10000):04d}",
    }
    people.create_contact(account, person, quiet=True)


def fill_deal(account, position):
    """An open deal of some contact."""
    contact = account.random.choice(account["contacts"].ids)
    values = {"title": f"Deal {position}", "contact": contact, "currency": "usd"}
    cents = account.random.randrange(1000, 1000000)
    sales.create_deal(account, values | {"value": cents, "group": 1})


FILLERS = {
    "fields": fill_field,
    "tags": lambda account, n: people.tag_named(account, f"Tag {n}"),
    "lists": lambda account, n: add_list(account, f"List {n}"),
    "automations": lambda account, n: add_automation(account, f"Automation {n}"),
    "contacts": fill_contact,
    "accounts": lambda account, n: sales.create_account(
        account, {"name": f"Company {n}"}, quiet=True
    ),
    "deals": fill_deal,
}
