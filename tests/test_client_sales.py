"""Accounts, deals, orders and products: what the account then holds."""

import pytest

from activecampaign import Duplicate, Rejected

pytest_plugins = ["client_support"]


def test_accounts(client, account, ada):
    company = client.accounts.create({"name": "Ærø A/S"}).id
    client.accounts.update(company, {"name": "Ærø & Co"})
    assert client.accounts.get(company).record["name"] == "Ærø & Co"
    assert [record["id"] for record in client.accounts.list()] == [company]
    note = client.accounts.add_note(company, "Pays late").id
    assert account.state()["notes"][note]["note"] == "Pays late"
    link = client.account_contacts.create({"account": company, "contact": ada}).id
    client.account_contacts.update(link, {"jobTitle": "Owner"})
    assert client.account_contacts.get(link).record["jobTitle"] == "Owner"
    found = client.account_contacts.list(filters={"contact": ada})
    assert [record["id"] for record in found] == [link]
    assert account.state()["contacts"][ada]["account"] == "Ærø & Co"
    client.account_contacts.delete(link)
    client.accounts.delete(company)
    counts = account.state()["counts"]
    assert counts["accounts"] == counts["accountContacts"] == 0


def test_one_name_and_one_account_per_contact(client, account, ada):
    company = client.accounts.create({"name": "First"}).id
    second = client.accounts.create({"name": "Second"}).id
    with pytest.raises(Duplicate):
        client.accounts.create({"name": "First"})
    client.account_contacts.create({"account": company, "contact": ada})
    with pytest.raises(Rejected) as caught:
        client.account_contacts.create({"account": second, "contact": ada})
    assert caught.value.code == "field_invalid"


def test_account_fields(client, account):
    company = client.accounts.create({"name": "Acme"}).id
    field = client.account_fields.create({"fieldLabel": "VAT", "fieldType": "text"}).id
    client.account_fields.update(field, {"fieldLabel": "VAT number"})
    assert client.account_fields.get(field).record["fieldLabel"] == "VAT number"
    assert [record["id"] for record in client.account_fields.list()] == [field]
    values = {"accountId": company, "customFieldId": field, "fieldValue": "X1"}
    value = client.account_field_data.create(values).id
    client.account_field_data.update(value, {"fieldValue": "X2"})
    client.account_field_data.bulk_update([{"id": value, "fieldValue": "X3"}])
    assert client.account_field_data.get(value).record["fieldValue"] == "X3"
    found = client.account_field_data.list(filters={"customerAccountId": company})
    assert [record["id"] for record in found] == [value]
    client.account_field_data.delete(value)
    client.account_field_data.bulk_create([values])
    held = account.state()["accountCustomFieldData"].values()
    assert [record["fieldValue"] for record in held] == ["X1"]
    client.account_fields.delete(field)
    assert account.state()["counts"]["accountCustomFieldMeta"] == 0


@pytest.fixture
def deal(client, ada):
    """The id of a deal of a contact."""
    values = {"title": "S1", "contact": ada, "value": 1999, "currency": "eur"}
    return client.deals.create(values | {"group": "1", "stage": "1", "owner": "1"}).id


def test_deals(client, account, ada, deal):
    client.deals.update(deal, {"title": "S1 won", "status": 1})
    assert client.deals.get(deal).record["title"] == "S1 won"
    assert [record["id"] for record in client.deals.list()] == [deal]
    client.deals.set_owners([{"id": int(deal), "ownerId": 1}])
    note = client.deal_notes.create(deal, "2 x Oak table").id
    client.deal_notes.update(deal, note, "3 x Oak table")
    (listed,) = client.deal_notes.list(deal)
    assert (str(listed["id"]), listed["note"]) == (note, "3 x Oak table")
    state = account.state()
    assert int(state["deals"][deal]["value"]) == 1999
    assert state["notes"][note]["note"] == "3 x Oak table"
    client.deals.delete(deal)
    assert account.state()["counts"]["deals"] == 0


def test_secondary_contacts_of_deals(client, account, deal):
    bo = client.contacts.create({"email": "bo@example.com"}).id
    eve = client.contacts.create({"email": "eve@example.com"}).id
    link = client.contact_deals.create({"contact": bo, "deal": deal}).id
    client.contact_deals.update(link, {"contact": eve, "deal": deal})
    assert str(client.contact_deals.get(link).record["contact"]) == eve
    assert [record["id"] for record in client.contact_deals.list()] == [link]
    client.contact_deals.delete(link)
    assert account.state()["counts"]["contactDeals"] == 0


def test_pipelines_and_stages(client, account, deal):
    pipeline = client.pipelines.create({"title": "Export", "currency": "eur"})
    assert pipeline.created
    client.pipelines.update(pipeline.id, {"title": "Overseas"})
    assert client.pipelines.get(pipeline.id).record["title"] == "Overseas"
    assert len(list(client.pipelines.list())) == 2
    stage = client.stages.create({"title": "Sent", "group": "1", "order": 9}).id
    client.stages.update(stage, {"title": "Shipped"})
    assert client.stages.get(stage).record["title"] == "Shipped"
    found = client.stages.list(filters={"d_groupid": "1"})
    assert stage in {record["id"] for record in found}
    client.stages.move_deals(1, stage)
    assert str(account.state()["deals"][deal]["stage"]) == stage
    client.stages.move_deals(stage, 1)
    client.stages.delete(stage)
    client.pipelines.delete(pipeline.id)
    assert account.state()["counts"]["dealGroups"] == 1


def test_deal_fields(client, account, deal):
    field = client.deal_fields.create({"fieldLabel": "Ref", "fieldType": "text"}).id
    client.deal_fields.update(field, {"fieldLabel": "Reference"})
    assert client.deal_fields.get(field).record["fieldLabel"] == "Reference"
    assert [record["id"] for record in client.deal_fields.list()] == [field]
    values = {"dealId": deal, "customFieldId": field, "fieldValue": "X1"}
    value = client.deal_field_data.create(values).id
    client.deal_field_data.update(value, {"fieldValue": "X2"})
    client.deal_field_data.bulk_update([{"id": value, "fieldValue": "X3"}])
    assert client.deal_field_data.get(value).record["fieldValue"] == "X3"
    found = client.deal_field_data.list(filters={"dealId": deal})
    assert [record["id"] for record in found] == [value]
    client.deal_field_data.delete(value)
    client.deal_field_data.bulk_create([values])
    held = account.state()["dealCustomFieldData"].values()
    assert [record["fieldValue"] for record in held] == ["X1"]
    client.deal_fields.delete(field)
    assert account.state()["counts"]["dealCustomFieldMeta"] == 0


@pytest.fixture
def store(client):
    """The id of a connection."""
    values = {"service": "odoo", "externalid": "main", "name": "Shop"}
    links = {"logoUrl": "https://example.com/l.png", "linkUrl": "https://example.com"}
    return client.connections.create(values | links).id


def test_connections(client, account, store):
    client.connections.update(store, {"name": "Web shop"})
    assert client.connections.get(store).record["name"] == "Web shop"
    found = client.connections.list(filters={"externalid": "main"})
    assert [record["id"] for record in found] == [store]
    client.connections.delete(store)
    assert account.state()["counts"]["connections"] == 0


def test_ecommerce(client, account, store):
    customer = client.ecom_customers.create(
        {"connectionid": store, "externalid": "7", "email": "ada@example.com"}
    ).id
    client.ecom_customers.update(customer, {"externalid": "8"})
    assert client.ecom_customers.get(customer).record["externalid"] == "8"
    found = client.ecom_customers.list(filters={"connectionid": store})
    assert [record["id"] for record in found] == [customer]
    values = {
        "externalid": "S1",
        "source": "0",
        "email": "ada@example.com",
        "orderProducts": [
            {"externalid": "P1", "name": "Table", "price": 4900, "quantity": 2}
        ],
        "totalPrice": 9800,
        "currency": "EUR",
        "connectionid": store,
        "customerid": customer,
        "externalCreatedDate": "2026-01-02T10:00:00+00:00",
        "orderNumber": "S1",
    }
    order = client.ecom_orders.create(values).id
    client.ecom_orders.update(order, values | {"totalPrice": 9900})
    assert int(client.ecom_orders.get(order).record["totalPrice"]) == 9900
    found = client.ecom_orders.list(filters={"externalid": "S1"})
    assert [record["id"] for record in found] == [order]
    lines = list(client.ecom_orders.products(order))
    assert [line["name"] for line in lines] == ["Table"]
    assert int(account.state()["ecomOrders"][order]["totalPrice"]) == 9900
    client.ecom_orders.delete(order)
    client.ecom_customers.delete(customer)
    counts = account.state()["counts"]
    assert counts["ecomOrders"] == counts["ecomCustomers"] == 0


def test_graphql(client, account, store):
    product = {"storePrimaryId": "P1", "legacyConnectionId": int(store)}
    product |= {"baseProductName": "Table", "variantPriceAmount": 49.0}
    for _ in range(2):
        answer = client.graphql.bulk_upsert_products([product])
    made = answer.data["data"]["bulkUpsertProducts"]
    assert [record["storePrimaryId"] for record in made] == ["P1"]
    (found,) = client.graphql.products(store, ["P1", "P2"])
    assert found["id"] == made[0]["id"]
    order = {
        "storeOrderId": "S1",
        "legacyConnectionId": int(store),
        "storeCreatedDate": "2026-01-02T10:00:00Z",
        "finalAmount": 98.0,
        "email": "ada@example.com",
        "creationSource": "HISTORICAL",
        "lineItems": [{"name": "Table", "quantity": 2, "priceAmount": 49.0}],
    }
    answer = client.graphql.bulk_upsert_orders([order])
    assert len(answer.data["data"]["bulkUpsertOrdersAsync"]) == 1
    (found,) = client.graphql.orders(store, ["S1", "S2"], ["storeOrderId"])
    assert found["storeOrderId"] == "S1"
    found = client.graphql.query("{ __schema { queryType { name } } }")
    assert found.data["data"]


def test_a_graphql_mistake_is_rejected_with_its_row(client, store):
    with pytest.raises(Rejected) as caught:
        client.graphql.bulk_upsert_orders(
            [{"storeOrderId": "S9", "legacyConnectionId": int(store)}]
        )
    assert caught.value.status in (200, 400)
    assert caught.value.text
