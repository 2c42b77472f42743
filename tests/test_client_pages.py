"""Where a person finds an object in ActiveCampaign."""

import pytest

from activecampaign.pages import page_url


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://acme.api-us1.com", "https://acme.activehosted.com"),
        ("https://Acme.API-eu1.com/api/3", "https://acme.activehosted.com"),
        (" https://acme.api-us1.com/ ", "https://acme.activehosted.com"),
        ("https://acme.activehosted.com", "https://acme.activehosted.com"),
        ("https://mail.example.com", "https://mail.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://a.api-us1.com.example.com", "https://a.api-us1.com.example.com"),
    ],
)
def test_page_is_beside_the_api(base_url, host):
    assert page_url(base_url, "contacts", "7") == f"{host}/app/contacts/7"


def test_a_page_is_on_the_web():
    for url in ("javascript:alert(1)//acme.api-us1.com", "data:text/html,x", ""):
        assert page_url(url, "contacts", "7") == ""


def test_an_id_is_no_path():
    base = "https://acme.api-us1.com"
    page = page_url(base, "contacts", "7/../../login?x=1#y")
    assert page.endswith("/app/contacts/7%2F..%2F..%2Flogin%3Fx%3D1%23y")
