"""Which addresses the client talks to."""

import contextlib
import socket
import ssl
import threading
import time

import pytest

from activecampaign import (
    ActiveCampaignClient,
    RetryPolicy,
    Unreachable,
    WrongHost,
    hosts,
)
from activecampaign.hosts import api_root, is_public, tls_context


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.api-us1.com",
        "https://acme.api-us1.com/",
        "https://acme.api-us1.com/api/3",
        "https://acme.api-us1.com/api/3/",
        " https://ACME.api-us1.com/api/ ",
    ],
)
def test_urls_as_people_paste_them(url):
    assert api_root(url) == "https://acme.api-us1.com"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme.api-us1.com",
        "http://acme.api-us1.com",
        "ftp://acme.api-us1.com",
        "https://",
        "https://localhost",
        "https://localhost:8070",
        "https://127.0.0.1",
        "https://10.0.0.1",
        "https://8.8.8.8",
        "https://[::1]",
        "https://[::1",
        "https://intranet",
        "https://2130706433",
        "https://0x7f000001.1",
        "https://user:secret@acme.api-us1.com",
        "https://acme.api-us1.com:port",
        "https://acme.api-us1.com/other",
        "https://acme.api-us1.com?x=1",
        "https://acme.api-us1.com#x",
        "https://acme..com",
        "https://acme.api-us1.com\\@elsewhere.example.com",
    ],
)
@pytest.mark.parametrize("allow_local", [False, True])
def test_urls_that_are_refused(url, allow_local):
    if allow_local and ("localhost" in url or "127.0.0.1" in url or "[::1]" in url):
        assert api_root(url, allow_local=True) == url
        return
    with pytest.raises(WrongHost):
        api_root(url, allow_local)


def test_http_is_for_localhost_only():
    assert api_root("http://localhost:8070", True) == "http://localhost:8070"
    for url in ("http://acme.api-us1.com", "http://10.0.0.1", "http://localhost.com"):
        with pytest.raises(WrongHost):
            api_root(url, allow_local=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("104.18.0.1", True),
        ("2606:4700::1", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:104.18.0.1", True),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("2001:0:a00:1::1", False),
        ("::10.0.0.1", False),
        ("fec0::1", False),
        ("ff0e::1", False),
        ("4000::1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
    ],
)
def test_public_addresses(address, public):
    assert is_public(address) is public


def test_tls_is_verified_and_new():
    context = tls_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


@contextlib.contextmanager
def answering(answer):
    """A server that hears one request and answers these bytes: (port, heard)."""
    heard = []

    def listen(server):
        peer, _ = server.accept()
        with peer:
            heard.append(peer.recv(4096))
            peer.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, args=[server])
        thread.start()
        yield server.getsockname()[1], heard
        thread.join(10)


def test_a_server_without_tls_does_not_see_the_key():
    with answering(b"HTTP/1.1 200 OK\r\n\r\n") as (port, heard):
        client = ActiveCampaignClient(
            f"https://localhost:{port}",
            "secret-key",
            allow_local=True,
            retry=RetryPolicy(attempts=1),
        )
        with pytest.raises(Unreachable):
            client.users.me()
    assert heard and b"secret-key" not in heard[0] and b"HTTP" not in heard[0]


def test_cookies_are_not_kept():
    answer = (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: PHPSESSID=1\r\n"
        b'Content-Length: 19\r\n\r\n{"user":{"id":"1"}}'
    )
    with answering(answer) as (port, heard):
        url = f"http://localhost:{port}"
        client = ActiveCampaignClient(url, "secret-key", allow_local=True)
        assert client.users.me().id == "1"
    assert b"Api-Token: secret-key" in heard[0]
    assert list(client._session.cookies) == []


def test_a_redirect_is_not_followed():
    answer = (
        b"HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\n"
        b"Location: http://localhost:9/api/3/users/me\r\n\r\n"
    )
    with answering(answer) as (port, _):
        url = f"http://localhost:{port}"
        client = ActiveCampaignClient(url, "secret-key", allow_local=True)
        with pytest.raises(WrongHost) as caught:
            client.users.me()
    assert caught.value.status == 307


@contextlib.contextmanager
def full():
    """A port whose queue of connections is full: the next one hangs."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        with contextlib.ExitStack() as stack:
            for _ in range(4):
                peer = stack.enter_context(socket.socket())
                peer.setblocking(False)
                peer.connect_ex(("127.0.0.1", port))
            yield port


def test_a_connection_is_not_waited_for_as_long_as_an_answer(monkeypatch):
    monkeypatch.setattr(hosts, "CONNECT_SECONDS", 0.2)
    with full() as port:
        # a proxy is the one way to a port of this machine
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        url, once = "https://acme.api-us1.com", RetryPolicy(attempts=1)
        client = ActiveCampaignClient(url, "secret-key", timeout=20, retry=once)
        began = time.monotonic()
        with pytest.raises(Unreachable):
            client.users.me()
        assert time.monotonic() - began < 10
