# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which hosts the client talks to: https with TLS 1.2 or newer, public addresses only.

The base URL is typed by a person and the server runs inside a network, so an address
is checked twice: as text when the client is made, and as the resolved address when a
connection is opened. The connection goes to the very address that was looked at: a name
that changes its address between the two gets nowhere, not even a knock on a port.
A proxy of the environment is the operator's own choice and is not checked.
"""

import ipaddress
import re
import socket
import ssl
from functools import cache
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from .errors import WrongHost

CONNECT_SECONDS = 10.0
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}")
#: The only part of IPv6 that is given out for the internet (RFC 4291, IANA).
IPV6_INTERNET = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


def api_root(base_url: str, allow_local: bool = False) -> str:
    """Return the root of the account without the API path: "https://acme.api-us1.com".

    :param base_url: as people paste it, with or without a slash or /api/3 at the end
    :param allow_local: permit http and https to localhost, for development
    :raises WrongHost: anything else than https to a public host name
    """
    parts = _split(base_url)
    host = parts.hostname or ""
    if allow_local and parts.scheme in ("http", "https") and host in LOCAL_HOSTS:
        return f"{parts.scheme}://{parts.netloc}"
    if parts.scheme != "https":
        raise WrongHost("The API URL must begin with https://")
    if host in LOCAL_HOSTS or not HOST_NAME.fullmatch(host):
        raise WrongHost("The API URL must name a public host")
    return f"https://{parts.netloc.lower()}"


def _split(base_url: str):
    try:
        parts = urlsplit(base_url.strip())
        _ = parts.port  # raises ValueError on a malformed port
    except ValueError:
        raise WrongHost("The API URL is malformed") from None
    path = re.sub(r"/+(api(/3)?/*)?$", "", parts.path)
    if path or parts.query or parts.fragment or "@" in parts.netloc:
        raise WrongHost("The API URL must be only https:// and a host name")
    return parts


def is_public(address: str) -> bool:
    """Whether an IP address is reachable from the internet, embedded IPv4 included."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        embedded = ip.ipv4_mapped or ip.sixtofour
        if ip in NAT64:
            embedded = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if embedded:
            return is_public(str(embedded))
        return ip in IPV6_INTERNET and ip.is_global
    return ip.is_global and not ip.is_multicast


def public_addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host name in the resolver's order, none if it has none.

    :raises WrongHost: one of them is not public
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not all(is_public(address) for address in addresses):
        raise WrongHost(f"{host} has a private address")
    return addresses


class PublicConnection(HTTPSConnection):
    """A connection to an address that was looked at; the name is for the certificate."""

    def _new_conn(self):
        name = self._dns_host
        failure = NewConnectionError(self, f"{name} has no address")
        for address in public_addresses(name, self.port):
            self._dns_host = address  # where urllib3 connects to
            try:
                return super()._new_conn()
            except (ConnectTimeoutError, NewConnectionError) as error:
                failure = error
            finally:
                self._dns_host = name
        raise failure


class PublicPool(HTTPSConnectionPool):
    ConnectionCls = PublicConnection


class PublicAdapter(HTTPAdapter):
    """Opens verified TLS >= 1.2 connections to public addresses."""

    def init_poolmanager(self, *args, **kwargs):
        made = super().init_poolmanager(*args, ssl_context=tls_context(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": PublicPool}
        return made

    def proxy_manager_for(self, proxy, **kwargs):
        return super().proxy_manager_for(proxy, ssl_context=tls_context(), **kwargs)

    def send(self, request, timeout=None, **kwargs):
        """Send, and wait no longer for a connection than `CONNECT_SECONDS`."""
        # here and not where the request is made: Odoo's tests compare with one number
        both = (min(timeout, CONNECT_SECONDS), timeout)
        return super().send(request, timeout=both, **kwargs)


@cache
def tls_context() -> ssl.SSLContext:
    """Return a verifying context that accepts TLS 1.2 and newer, made once a process."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
