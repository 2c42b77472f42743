"""A small internet on this machine: names, public addresses, and servers behind them.

Nothing of the client is replaced: the resolver tells an address of the internet, and
whoever connects to that address gets a server of ours.
"""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC = "104.18.0.1"
HOST = "acme.example.com"
PORT = 443


class Internet:
    """`names` ``{host: [addresses, or lists of them, one per question]}``, `servers`
    ``{address: local port}``, `asked` and `called`: what was resolved and connected to."""

    def __init__(self):
        self.names, self.servers = {}, {}
        self.asked, self.called = [], []

    def getaddrinfo(self, host, port, *args, **kwargs):
        """Answer as the resolver does; an address is its own answer."""
        with contextlib.suppress(ValueError):
            ipaddress.ip_address(host)
            return [self._entry(host, port)]
        self.asked.append(host)
        if host not in self.names:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        answer = self.names[host]
        if isinstance(answer[0], list):
            answer = answer.pop(0)
        return [self._entry(address, port) for address in answer]

    @staticmethod
    def _entry(address, port):
        if ":" in address:
            return (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
        return (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))

    def place(self, address):
        """Return where a connection to an address ends: a port of this machine."""
        self.called.append(address)
        if address not in self.servers:
            raise OSError("no route to host")
        return ("127.0.0.1", self.servers[address])


@contextlib.contextmanager
def internet(monkeypatch):
    """Put this process into an `Internet` of its own."""
    world = Internet()

    class Wire(socket.socket):
        def __init__(self, family=-1, *args, **kwargs):
            family = socket.AF_INET if family == socket.AF_INET6 else family
            super().__init__(family, *args, **kwargs)

        def connect(self, address):
            super().connect(world.place(address[0]))

    with monkeypatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            patch.delenv(name, raising=False)
        patch.setattr(socket, "getaddrinfo", world.getaddrinfo)
        patch.setattr(socket, "socket", Wire)
        yield world


def certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Write a certificate that a host has signed itself; return it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{host}.pem", folder / f"{host}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


@contextlib.contextmanager
def serving(answer: bytes, tls: ssl.SSLContext | None = None):
    """A server that answers every connection with the same bytes: ``(port, heard)``."""
    heard = []

    def listen(server):
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), peer:
                _talk(tls.wrap_socket(peer, server_side=True) if tls else peer)

    def _talk(peer):
        with peer:
            heard.append(peer.recv(65_536))
            peer.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, args=[server], daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
