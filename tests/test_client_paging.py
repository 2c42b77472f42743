"""Lists: all pages, no endless ones."""

import pytest

from activecampaign import (
    ActiveCampaignClient,
    Result,
    RetryPolicy,
    ServerError,
    WrongHost,
)
from activecampaign.paging import flat, walk, walk_by_id

pytest_plugins = ["client_support"]


@pytest.mark.parametrize(
    ("resource", "table", "number"),
    [("fields", "fields", 250), ("tags", "tags", 250), ("lists", "lists", 249)],
)
def test_all_pages_of_a_list(client, account, resource, table, number, sent):
    account.seed(**{table: number})
    records = list(getattr(client, resource).list())
    assert len(records) == 250
    assert {record["id"] for record in records} == set(account.state()[table])
    assert len(sent()) == 3


def test_contacts_walk_by_id(client, account):
    account.seed(contacts=1050)
    emails = [contact["email"] for contact in client.contacts.list()]
    assert len(emails) == len(set(emails)) == 1050
    queries = [entry["query"] for entry in account.log()["entries"]]
    assert len(queries) == 11
    assert all("id_greater" in query and "offset" not in query for query in queries)


def test_contacts_by_offset_when_a_filter_needs_it(client, account):
    account.seed(contacts=150)
    found = list(client.contacts.list(orders={"email": "ASC"}))
    assert len({contact["id"] for contact in found}) == 150
    assert [c["email"] for c in found] == sorted(c["email"] for c in found)


def test_filters_reach_the_account(client, account):
    account.seed(contacts=30)
    found = list(client.contacts.list(email="person7@example.com"))
    assert [contact["email"] for contact in found] == ["person7@example.com"]
    assert list(client.contacts.list(email="nobody@example.com")) == []


def test_a_deleted_contact_hides_no_other(client, account):
    account.seed(contacts=250)
    seen = []
    for contact in client.contacts.list():
        seen.append(contact["email"])
        client.contacts.delete(contact["id"])
    assert len(set(seen)) == 250
    assert account.state()["counts"]["contacts"] == 0


def test_an_empty_list(client):
    assert list(client.tags.list()) == []


@pytest.mark.parametrize("kind", ["empty", "truncate", "status", "drop"])
def test_a_broken_page_is_asked_again(client, account, kind):
    account.seed(tags=150)
    account.faults({"kind": kind, "path": "tags", "times": 2})
    assert len(list(client.tags.list())) == 150


def test_a_page_that_stays_broken_is_no_end(new_client, account):
    account.seed(tags=150)
    account.faults({"kind": "empty", "path": "tags"})
    with pytest.raises(ServerError):
        list(new_client(retry=RetryPolicy(attempts=1)).tags.list())


def test_query_with_brackets():
    assert flat(
        {
            "search": "x",
            "filters": {"search": {"eq": "y"}},
            "ids": [1, 2],
            "filters[name]": "z",
            "forceQuery": True,
            "none": None,
        }
    ) == {
        "search": "x",
        "filters[search][eq]": "y",
        "ids[]": [1, 2],
        "filters[name]": "z",
        "forceQuery": 1,
    }


class Pages:
    """Servers that ActiveCampaign is not today: pages by the query they are asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def request(self, method, path, params, needs_body):
        self.asked.append((path, params))
        assert len(self.asked) < 50, "an endless list"
        return Result(200, self.answer(path, params))

    def path_of(self, link):
        client = ActiveCampaignClient("https://acme.example.com", "key")
        return client.path_of(link)


def numbered(first, last):
    return [{"id": str(number)} for number in range(first, last + 1)]


def ids(records):
    return [int(record["id"]) for record in records]


def test_a_total_as_text_or_number_or_missing():
    for total in ("130", 130, None):
        meta = {} if total is None else {"meta": {"total": total}}
        pages = Pages(
            lambda path, query, meta=meta: {
                "tags": numbered(query["offset"] + 1, min(query["offset"] + 100, 130)),
                **meta,
            }
        )
        assert ids(walk(pages, "/tags", "tags", {})) == list(range(1, 131))


def test_a_server_with_smaller_pages():
    pages = Pages(
        lambda path, query: {
            "tags": numbered(query["offset"] + 1, min(query["offset"] + 20, 50)),
            "meta": {"total": "50"},
        }
    )
    assert ids(walk(pages, "/tags", "tags", {})) == list(range(1, 51))


@pytest.mark.parametrize("root", ["", "https://acme.example.com"])
def test_a_next_link_is_followed(root):
    def answer(path, query):
        page = int(query.get("page", 1))
        link = f"{root}/api/3/tags?page={page + 1}" if page < 4 else None
        return {"tags": numbered(page, page), "meta": {"next": link, "total": "4"}}

    assert ids(walk(Pages(answer), "/tags", "tags", {})) == [1, 2, 3, 4]


def test_a_next_link_to_another_host_is_refused():
    link = "https://elsewhere.example.com/api/3/tags?page=2"
    pages = Pages(lambda path, query: {"tags": [{"id": 1}], "meta": {"next": link}})
    with pytest.raises(WrongHost):
        list(walk(pages, "/tags", "tags", {}))


def test_a_server_that_ignores_offset_gives_all_at_once():
    pages = Pages(lambda path, query: {"tags": numbered(1, 130)})
    assert ids(walk(pages, "/tags", "tags", {})) == list(range(1, 131))


def test_a_list_that_repeats_a_page_is_an_error():
    def circle(path, query):
        start = query["offset"] % 200
        return {"tags": numbered(start + 1, start + 100), "meta": {"total": 900}}

    with pytest.raises(ServerError):
        list(walk(Pages(circle), "/tags", "tags", {}))


def test_contacts_that_repeat_are_an_error():
    pages = Pages(lambda path, query: {"contacts": numbered(1, 100)})
    with pytest.raises(ServerError):
        list(walk_by_id(pages, "/contacts", "contacts", {}))
