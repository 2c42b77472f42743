"""The way out: to the very address that was looked at, by TLS that is verified."""

import socket
import ssl

import pytest

from activecampaign import ActiveCampaignClient, RetryPolicy, Unreachable, WrongHost
from activecampaign.hosts import tls_context
from wired import HOST, PUBLIC, certificate, http, internet, serving

ME = http(b'{"user": {"id": "1"}}')
OTHER, SIXTH = "104.18.0.2", "2606:4700::1"


@pytest.fixture
def world(monkeypatch):
    with internet(monkeypatch) as world:
        yield world


@pytest.fixture
def client():
    """A client of a host, which trusts whom the environment names in this test."""
    tls_context.cache_clear()
    once = RetryPolicy(attempts=1)
    with ActiveCampaignClient(
        f"https://{HOST}", "secret-key", retry=once, timeout=10
    ) as client:
        yield client


@pytest.fixture
def tls(tmp_path):
    """Return `(context of a server, file of its certificate)` for a host."""

    def make(host=HOST):
        made, key = certificate(tmp_path, host)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(made, key)
        return context, made

    return make


@pytest.fixture
def server(world, tls, monkeypatch):
    """A server at the public address that everybody trusts: what it has heard."""
    context, made = tls()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made))
    world.names[HOST] = [PUBLIC]
    with serving(ME, context) as (port, heard):
        world.servers[PUBLIC] = port
        yield heard


def test_the_certificate_is_for_the_name_and_the_connection_for_the_address(
    world, client, server
):
    assert client.users.me().id == "1"
    assert world.asked == [HOST]
    assert world.called == [PUBLIC]
    assert f"Host: {HOST}".encode() in server[0]


def test_a_name_is_asked_once_for_each_connection(world, client, server):
    """Whoever says something public first and something private then is not asked."""
    world.names[HOST] = [[PUBLIC], ["127.0.0.1"], ["169.254.169.254"]]
    assert client.users.me().id == "1"
    assert world.called == [PUBLIC]
    for _ in range(2):  # each a new connection, of which the server keeps none
        with pytest.raises(WrongHost, match="private address"):
            client.users.me()
    assert world.called == [PUBLIC]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        [PUBLIC, "10.0.0.5"],
        ["169.254.169.254", PUBLIC],
        [SIXTH, "fd00:ec2::254"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a9fe:a9fe"],
    ],
)
def test_nobody_knocks_at_a_private_address(world, client, server, addresses):
    world.names[HOST] = addresses
    world.servers |= dict.fromkeys(addresses, world.servers[PUBLIC])
    with pytest.raises(WrongHost, match="private address"):
        client.users.me()
    assert (world.called, server) == ([], [])


def test_the_next_address_is_tried_where_one_does_not_answer(world, client, server):
    world.names[HOST] = [SIXTH, OTHER, PUBLIC]
    assert client.users.me().id == "1"
    assert world.called == [SIXTH, OTHER, PUBLIC]


@pytest.mark.parametrize("names", [{}, {HOST: [SIXTH, OTHER]}])
def test_a_host_that_is_not_there_is_unreachable(world, client, names):
    world.names |= names
    with pytest.raises(Unreachable, match="No connection"):
        client.users.me()


def test_a_certificate_that_nobody_vouches_for_sees_no_key(
    world, client, server, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(WrongHost, match="certificate"):
        client.users.me()
    assert server == []


def test_there_is_no_way_without_tls(world, client, server):
    client.root = f"http://{HOST}"
    with pytest.raises(Unreachable):
        client.users.me()
    assert (world.called, server) == ([], [])


def test_a_certificate_of_another_name_sees_no_key(world, client, tls, monkeypatch):
    context, made = tls("other.example.com")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made))
    world.names[HOST] = [PUBLIC]
    with serving(ME, context) as (port, heard):
        world.servers[PUBLIC] = port
        with pytest.raises(WrongHost, match="certificate"):
            client.users.me()
    assert heard == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_sees_no_key(world, client, tls, monkeypatch):
    context, made = tls()
    old = ssl.create_default_context(cafile=str(made))
    for side in (context, old):
        side.set_ciphers("DEFAULT:@SECLEVEL=0")
        side.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made))
    world.names[HOST] = [PUBLIC]
    with serving(ME, context) as (port, heard):
        world.servers[PUBLIC] = port
        with socket.create_connection((PUBLIC, 443)) as wire:  # it does answer others
            assert old.wrap_socket(wire, server_hostname=HOST).version() == "TLSv1.1"
        with pytest.raises(Unreachable):
            client.users.me()
    assert world.called == [PUBLIC, PUBLIC]
    assert b"".join(heard) == b""
