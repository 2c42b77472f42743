"""A small HTTP server that receives webhooks in tests."""

import contextlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass
class Received:
    """One request: path with query, headers, raw body."""

    path: str
    headers: dict
    body: bytes

    @property
    def form(self):
        """The form-encoded body as `{key: value}`."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self):
        """The JSON body."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Where webhooks arrive: `url`, what came so far, and the status to answer."""

    url: str = ""
    status: int = 200
    received: list = field(default_factory=list)

    @property
    def types(self):
        """The event types in the order of arrival."""
        return [item.form.get("type") for item in self.received]


@contextlib.contextmanager
def receiving():
    """A `Receiver` that listens on a free port of localhost."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            receiver.received.append(Received(self.path, dict(self.headers), body))
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *args):
            """Silence: tests look at `received`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
