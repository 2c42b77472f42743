"""Reading apt's configuration and a Debian mirror, on small ones made here."""

import hashlib
import io
import lzma
import shutil
import tarfile

import pytest

from workbench import debian
from workbench.problem import Problem

ONE_LINE = """
# deb http://commented.example.com/debian sid main
deb [arch=amd64 signed-by=/k.gpg] http://list.example.com/debian/ bookworm main contrib
deb-src http://sources.example.com/debian bookworm main
deb http://other.example.com/debian bookworm non-free # main
deb cdrom:[Debian]/ bookworm main
"""
DEB822 = """
Types: deb deb-src
# a comment
URIs: http://one.example.com/debian
 http://two.example.com/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc: def

Enabled: no
Types: deb
URIs: http://disabled.example.com/debian
Components: main
"""


def test_mirrors_of_both_kinds_of_configuration(tmp_path):
    mirror_list = tmp_path / "mirrors.txt"
    mirror_list.write_text("http://listed.example.com/debian priority:1\n\n# no\n")
    (tmp_path / "sources.list").write_text(
        f"{ONE_LINE}deb mirror+file:{mirror_list} bookworm main\n"
    )
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    assert debian.mirrors(tmp_path) == [
        "http://list.example.com/debian",
        "http://listed.example.com/debian",
        "http://one.example.com/debian",
        "http://two.example.com/debian",
    ]


def test_no_configuration_is_no_mirror(tmp_path):
    assert debian.mirrors(tmp_path) == []


def tar(files, links):
    """A tar.xz with `files` (name: text) and symbolic `links` (name: target)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:xz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return buffer.getvalue()


def deb(data, name="data.tar.xz"):
    """A `.deb`: an `ar` archive whose odd members are padded."""
    members = [("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"), (name, data)]
    out = b"!<arch>\n"
    for member, content in members:
        header = f"{member:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n"
        out += header.encode() + content + b"\n" * (len(content) % 2)
    return out


class Mirror:
    """A mirror in a folder, with two packages of which one links into the other."""

    def __init__(self, folder):
        self.folder = folder
        self.address = f"file://{folder}"
        self.packages = {
            "app": deb(
                tar({"./usr/app/main.js": "app"}, {"./usr/app/lib.js": "../lib/l.js"})
            ),
            "lib": deb(tar({"./usr/lib/l.js": "library"}, {})),
        }
        (folder / "pool").mkdir()
        for name, content in self.packages.items():
            (folder / "pool" / f"{name}.deb").write_bytes(content)
        index = "\n\n".join(map(self.entry, self.packages)).encode()
        self.write_index(lzma.compress(index))
        self.write_release(lzma.compress(index))

    def entry(self, name):
        sha256 = hashlib.sha256(self.packages[name]).hexdigest()
        return (
            f"Package: {name}\nVersion: 1\nDescription: of\n {name}\n"
            f"Filename: pool/{name}.deb\nSHA256: {sha256}"
        )

    def write_index(self, content):
        file = self.folder / "dists/unstable/main/binary-all/Packages.xz"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def write_release(self, index):
        sha256 = hashlib.sha256(index).hexdigest()
        (self.folder / "dists/unstable/InRelease").write_text(
            f"SHA256:\n {'0' * 64} 1 main/other\n"
            f" {sha256}  {len(index)} main/binary-all/Packages.xz\n"
        )

    def archive(self, *before):
        nowhere = self.folder / "no-keyring"
        return debian.Archive([*before, self.address], keyring=nowhere)


@pytest.fixture
def mirror(tmp_path):
    (tmp_path / "mirror").mkdir()
    return Mirror(tmp_path / "mirror")


def test_packages_unpacked_together_find_each_other(mirror, tmp_path):
    with mirror.archive(f"file://{tmp_path}/nothing-here") as archive:
        entries = archive.find({"app", "lib", "unknown"})
        for entry in entries.values():
            archive.unpack(entry, tmp_path / "out")
    assert set(entries) == {"app", "lib"}
    assert entries["app"]["description"] == "of\napp"
    assert (tmp_path / "out/usr/app/lib.js").read_text() == "library"


def test_an_index_that_the_release_does_not_vouch_for(mirror):
    mirror.write_index(lzma.compress(b"Package: app\nVersion: 2\n"))
    with mirror.archive() as archive, pytest.raises(Problem, match="checksum"):
        archive.find({"app"})


def test_a_package_that_the_index_does_not_vouch_for(mirror, tmp_path):
    (mirror.folder / "pool/app.deb").write_bytes(b"something else")
    with mirror.archive() as archive:
        entry = archive.find({"app"})["app"]
        with pytest.raises(Problem, match="checksum"):
            archive.unpack(entry, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_no_mirror_answers(tmp_path):
    with pytest.raises(Problem) as caught:
        debian.Archive([f"file://{tmp_path}"])
    assert "ODOO_HOME" in caught.value.what_to_do


@pytest.mark.skipif(not shutil.which("gpgv"), reason="gpgv is not installed")
def test_an_unsigned_release_is_refused_where_it_can_be_checked(tmp_path):
    (tmp_path / "keyring.gpg").touch()
    (tmp_path / "InRelease").write_text("SHA256:\n")
    with pytest.raises(Problem, match="signature"):
        debian.check_signature(tmp_path / "InRelease", tmp_path / "keyring.gpg")


def test_nothing_is_unpacked_outside_the_folder(tmp_path):
    package = tmp_path / "evil.deb"
    package.write_bytes(deb(tar({"../outside": "x"}, {})))
    if not hasattr(tarfile, "tar_filter"):
        pytest.skip("this Python's tarfile has no filters")
    with pytest.raises(tarfile.OutsideDestinationError):
        debian.unpack_deb(package, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_not_a_package(tmp_path):
    (tmp_path / "page.deb").write_text("<html>")
    with pytest.raises(Problem, match="not a Debian package"):
        debian.unpack_deb(tmp_path / "page.deb", tmp_path)
