"""Invented companies and people: the usual mess of a real address book."""

COMPANIES = 60
PEOPLE = 1060
TAGS = ["Newsletter", "VIP", "Fair 2025", "Großkunde", "Café ☕"]
FIRST = [
    *("Ada", "Zoë", "Łukasz", "José", "Søren", "Nguyễn", "Chloé", "Ömer", "Αλέξης"),
    *("Björk", "Mikołaj", "Иван", "美咲", "Noor", "Fatıma", "Liam", "Ana 🌸"),
]
LAST = [
    *("Lovelace", "Müller", "O'Brien", "García", "Ångström", "Dvořák", "Kowalski"),
    *("Østergård", "Šimić", "van der Berg", "Ferreira", "山田", "Петров"),
]
# Every so many people one has an e-mail like this; the number is of the person.
ODD_EMAILS = {
    41: lambda number: False,
    53: lambda number: f"person{number}@",
    67: lambda number: f"person{number}@example.com; office{number}@example.com",
    71: lambda number: f"  Person{number}@EXAMPLE.com ",
}


def companies() -> list[dict]:
    """Values of `res.partner` for companies."""
    return [
        {
            "name": f"Company {number} & Sons",
            "is_company": True,
            "email": f"office{number}@company.example.com",
            "phone": f"+1 555 01{number:02}",
        }
        for number in range(COMPANIES)
    ]


def people(company_ids: list[int], tag_ids: list[int]) -> list[dict]:
    """Values of `res.partner` for people in the companies, with tags."""
    return [_person(number, company_ids, tag_ids) for number in range(PEOPLE)]


def _person(number: int, company_ids: list[int], tag_ids: list[int]) -> dict:
    first, last = FIRST[number % len(FIRST)], LAST[number % len(LAST)]
    tags = {tag_ids[number % len(tag_ids)], tag_ids[number // 7 % len(tag_ids)]}
    return {
        "name": f"{first} {last}",
        "email": _email(number),
        "phone": f"+1 555 {number:04}",
        "parent_id": company_ids[number % len(company_ids)],
        "category_id": [(6, 0, sorted(tags))],
    }


def _email(number: int) -> str | bool:
    for every, odd in ODD_EMAILS.items():
        if number % every == every - 1:
            return odd(number)
    return f"person{number}@example.com"
