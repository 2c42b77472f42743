"""Invented partners, many and fast."""

from .account import Account

COPY = """
INSERT INTO res_partner
SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', made.id, 'commercial_partner_id', made.id,
    'name', 'Person ' || n, 'complete_name', 'Person ' || n,
    'email', %(prefix)s || n || '@example.com',
    'email_normalized', %(prefix)s || n || '@example.com',
    'phone', '+1 555 ' || lpad(n::text, 7, '0'),
    'function', 'Engineer ' || n %% 7, 'city', 'Town ' || n %% 50))).*
FROM res_partner p
    CROSS JOIN generate_series(1, %(count)s) n
    CROSS JOIN LATERAL (SELECT nextval('res_partner_id_seq') AS id WHERE n > 0) made
WHERE p.id = %(first)s;
INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
SELECT p.id, r.category_id
FROM res_partner p
    JOIN res_partner_res_partner_category_rel r ON r.partner_id = %(first)s
WHERE p.email LIKE %(prefix)s || '_%%' AND p.id <> %(first)s
"""

EMPLOY = """
UPDATE res_partner SET is_company = TRUE, email = NULL, email_normalized = NULL,
    "function" = NULL, name = 'Works ' || id, complete_name = 'Works ' || id,
    website = CASE WHEN id %% 2 = 0 THEN 'https://works' || id || '.example.com' END
WHERE email LIKE 'company%%@example.com' OR id = %(first)s;
UPDATE res_partner p SET parent_id = c.id, commercial_partner_id = c.id,
    "function" = CASE WHEN p.id %% %(titled)s = 0 THEN 'Engineer' END
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM res_partner
      WHERE name LIKE 'Works %%') c
WHERE p.email LIKE %(people)s AND c.n = p.id %% %(companies)s
"""


def fill(
    account: Account, count: int, prefix: str = "person", with_first: bool = True
) -> int:
    """Put `count` partners, `<prefix>1@example.com` …, into the server's database.

    Each has a phone, two tags and a value for all five mapped fields. The first one is
    made by Odoo and copied by SQL: it is the connector that is measured. Returns its id.

    `with_first`: it has an e-mail as well, and may be sent before the others are there.
    """
    call = account.server.call
    tags = [{"name": "Customer"}, {"name": "Newsletter"}]
    tag_ids = call("res.partner.category", "search", []) or call(
        "res.partner.category", "create", tags
    )
    (belgium,) = call("res.country", "search", [("code", "=", "BE")])
    first = call(
        "res.partner",
        "create",
        {
            "name": "Person",
            "company_name": "Example Works",
            "country_id": belgium,
            "lang": "en_US",
            "category_id": [(6, 0, tag_ids[:2])],
            "email": with_first and f"{prefix}@example.com",
        },
    )
    account.sql(COPY, {"prefix": prefix, "count": count - 1, "first": first})
    return first


def employ(
    account: Account, companies: int, titled: int, prefix: str = "person"
) -> None:
    """Put companies into the database and spread the people of `fill` over them.

    Every second company has a website, every `titled`-th person a job title.
    """
    first = fill(account, companies, "company", with_first=False)
    values = {"titled": titled, "companies": companies, "people": f"{prefix}%"}
    account.sql(EMPLOY, {**values, "first": first})
