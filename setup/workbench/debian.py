"""Reads Debian's package index and unpacks packages, without touching the system.

The mirror is the one the machine is configured with. The chain of trust: the archive's
signature on InRelease (checked when gpgv and the keyring are there), InRelease's SHA256
of the index, the index's SHA256 of each package.
"""

import io
import lzma
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from .cache import download, say
from .problem import Problem

APT = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "unstable"
INDEX = "main/binary-all/Packages.xz"


def mirrors(apt: Path = APT) -> list[str]:
    """The archive addresses in apt's configuration, in its order, each once."""
    found = []
    lists = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.list"))]
    for file in filter(Path.is_file, lists):
        found += _one_line_sources(file.read_text())
    for file in sorted((apt / "sources.list.d").glob("*.sources")):
        found += _deb822_sources(file.read_text())
    addresses = [address for uri in found for address in _addresses(uri)]
    return list(dict.fromkeys(address.rstrip("/") for address in addresses))


def _one_line_sources(text: str) -> list[str]:
    """URIs of `deb [options] uri suite component…` lines that offer `main`."""
    lines = re.findall(r"^\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+\S+\s+(.*)$", text, re.M)
    return [uri for uri, rest in lines if "main" in rest.split("#")[0].split()]


def _deb822_sources(text: str) -> list[str]:
    """URIs of the enabled binary stanzas of a `.sources` file that offer `main`."""
    found = []
    for stanza in stanzas(text.splitlines()):
        if stanza.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        offers_main = "main" in stanza.get("components", "").split()
        if "deb" in stanza.get("types", "").split() and offers_main:
            found += stanza.get("uris", "").split()
    return found


def _addresses(uri: str) -> list[str]:
    """What `uri` stands for: itself, or the lines of the mirror file it names."""
    if not uri.startswith("mirror+file:"):
        return [uri] if uri.startswith(("http://", "https://", "file:")) else []
    lines = Path(uri.removeprefix("mirror+file:")).read_text().splitlines()
    return [line.split()[0] for line in lines if line.strip() and line[0] != "#"]


def stanzas(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """The paragraphs of a deb822 text as dicts with lower-case keys."""
    stanza: dict[str, str] = {}
    key = ""
    for line in lines:
        if not line.strip():
            if stanza:
                yield stanza
            stanza = {}
        elif line[0] in " \t" and key:
            stanza[key] = f"{stanza.get(key, '')}\n{line.strip()}".strip()
        elif line[0] != "#":
            key, _, value = line.partition(":")
            key = key.strip().lower()
            stanza[key] = value.strip()
    if stanza:
        yield stanza


class Archive:
    """Debian unstable on the first of `addresses` that has it."""

    def __init__(self, addresses: Iterable[str], keyring: Path = KEYRING):
        self._keyring = keyring
        self._work = Path(tempfile.mkdtemp(prefix="ac-debian-"))
        self.address, self._release = self._first_with_suite(list(addresses))

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *exc: object) -> None:
        shutil.rmtree(self._work, ignore_errors=True)

    def _first_with_suite(self, addresses: list[str]) -> tuple[str, Path]:
        for address in addresses:
            url = f"{address}/dists/{SUITE}/InRelease"
            try:
                return address, download(url, self._work / "InRelease")
            except Problem:
                continue
        shutil.rmtree(self._work)
        raise Problem(
            f"No Debian mirror with the suite {SUITE} answers (asked: {addresses}).",
            "set ODOO_HOME to an Odoo source tree, or AC_DEBIAN_MIRROR to a mirror.",
        )

    def find(self, wanted: set[str]) -> dict[str, dict[str, str]]:
        """The index entries of the packages in `wanted` that exist, by name."""
        check_signature(self._release, self._keyring)
        sha256 = release_checksum(self._release.read_text(), INDEX)
        url = f"{self.address}/dists/{SUITE}/{INDEX}"
        index = download(url, self._work / "Packages.xz", sha256)
        with lzma.open(index, "rt", encoding="utf-8") as lines:
            entries = (e for e in stanzas(lines) if e["package"] in wanted)
            return {entry["package"]: entry for entry in entries}

    def unpack(self, entry: dict[str, str], folder: Path) -> None:
        """Download the package of `entry`, check it, and unpack it into `folder`."""
        say(f"Downloading {entry['package']} {entry['version']} …")
        url = f"{self.address}/{entry['filename']}"
        package = download(url, self._work / "package.deb", entry["sha256"])
        unpack_deb(package, folder)
        package.unlink()


def release_checksum(release: str, name: str) -> str:
    """The SHA256 that the text of a Release file gives for the index `name`."""
    found = re.search(rf"^ ([0-9a-f]{{64}}) +\d+ {re.escape(name)}$", release, re.M)
    if not found:
        raise Problem(f"The mirror's release file does not name {name}.")
    return found[1]


def check_signature(release: Path, keyring: Path = KEYRING) -> None:
    """Raise Problem unless the archive's key signed `release`.

    Where gpgv or the keyring is missing (not a Debian machine), this says so and goes
    on: the checksums still guard against a damaged download.
    """
    gpgv = shutil.which("gpgv")
    if not gpgv or not keyring.exists():
        say("The mirror's signature is not checked: no gpgv or no Debian keyring.")
        return
    command = [gpgv, "--status-fd", "1", "--keyring", str(keyring), str(release)]
    status = subprocess.run(command, capture_output=True, text=True).stdout
    if "[GNUPG:] VALIDSIG" not in status or "[GNUPG:] BADSIG" in status:
        raise Problem(
            "The signature of the Debian mirror's release file is not valid.",
            "update the package debian-archive-keyring, or set ODOO_HOME.",
        )


def unpack_deb(package: Path, folder: Path) -> None:
    """Unpack the files of a `.deb` into `folder`, links as they are."""
    name, data = deb_data(package)
    if name.endswith(".zst"):
        _unpack_with_dpkg(package, folder)
        return
    # Python before 3.12 has filters only in its later patch releases.
    safely = {"filter": "tar"} if hasattr(tarfile, "tar_filter") else {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, **safely)


def deb_data(package: Path) -> tuple[str, bytes]:
    """Name and content of the `data.tar…` member of a `.deb` (an `ar` archive)."""
    with open(package, "rb") as file:
        if file.read(8) != b"!<arch>\n":
            raise Problem(f"{package.name} is not a Debian package.")
        while header := file.read(60):
            name = header[:16].decode().strip().rstrip("/")
            size = int(header[48:58])
            if name.startswith("data.tar"):
                return name, file.read(size)
            file.seek(size + size % 2, io.SEEK_CUR)
    raise Problem(f"{package.name} holds no data.")


def _unpack_with_dpkg(package: Path, folder: Path) -> None:
    if not shutil.which("dpkg-deb"):
        raise Problem(
            f"{package.name} is packed with zstd, which this Python cannot read.",
            "install dpkg (`dpkg-deb`), or set ODOO_HOME.",
        )
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
