"""The workbench's cache: nothing half made, waiting, downloads, clear messages."""

import hashlib
import http.server
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from workbench import cache
from workbench.problem import Problem


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A cache of this test's own."""
    monkeypatch.setenv("AC_WORKBENCH", str(tmp_path / "cache"))
    return tmp_path / "cache"


def in_a_process(code):
    """A Python process that runs `code` with the same cache."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path):
    give_up = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < give_up, f"{path} never came"
        time.sleep(0.01)


def fill(text):
    return lambda making: (making / "content").write_text(text)


def test_made_once():
    first = cache.made("thing", fill("first"))
    second = cache.made("thing", fill("second"))
    assert first == second
    assert (second / "content").read_text() == "first"


def test_a_failed_making_leaves_no_thing(folder):
    def fail(making):
        (making / "content").write_text("half")
        raise Problem("no network")

    with pytest.raises(Problem, match="no network"):
        cache.made("thing", fail)
    assert not (folder / "thing").exists()
    assert (cache.made("thing", fill("whole")) / "content").read_text() == "whole"


def test_a_killed_making_is_made_again(folder):
    process = in_a_process(
        """
        import time
        from workbench import cache
        def make(making):
            (making / "rubbish").write_text("half")
            time.sleep(60)
        cache.made("thing", make)
        """
    )
    wait_for(folder / "thing.making" / "rubbish")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (folder / "thing").exists()
    place = cache.made("thing", fill("whole"))
    assert [file.name for file in place.iterdir()] == ["content"]


def test_the_second_waits_for_the_first_and_says_so(folder):
    code = """
        import sys, time
        from pathlib import Path
        from workbench import cache
        def make(making):
            (making / "content").write_text(sys.argv[0])
            go = cache.root() / "go"
            while not go.exists():
                time.sleep(0.01)
        print(cache.made("thing", make))
        """
    first = in_a_process(code)
    wait_for(folder / "thing.making" / "content")
    second = in_a_process(code)
    line = second.stderr.readline()
    (folder / "go").touch()
    answers = [process.communicate()[0].strip() for process in (first, second)]
    assert "Waiting" in line and "thing" in line
    assert answers == [str(folder / "thing")] * 2


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("AC_WORKBENCH", str(tmp_path / "file" / "cache"))
    with pytest.raises(Problem, match="cannot be written") as caught:
        cache.root()
    assert "AC_WORKBENCH" in caught.value.what_to_do


class Server(http.server.BaseHTTPRequestHandler):
    """Answers /whole, /short (breaks off) and 404."""

    def do_GET(self):
        if self.path not in ("/whole", "/short"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"whole" if self.path == "/whole" else b"sh")

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture
def address():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_download(address, tmp_path):
    target = tmp_path / "target"
    sha256 = hashlib.sha256(b"whole").hexdigest()
    cache.download(f"{address}/whole", target, sha256)
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("path", "sha256", "message"),
    [
        ("whole", "0" * 64, "checksum"),
        ("nowhere", None, "404"),
        ("short", None, "broke off"),
    ],
)
def test_a_bad_download_leaves_no_target(
    address, tmp_path, monkeypatch, path, sha256, message
):
    monkeypatch.setattr(cache, "PAUSE", 0)
    with pytest.raises(Problem, match=message):
        cache.download(f"{address}/{path}", tmp_path / "target", sha256)
    assert not (tmp_path / "target").exists()
