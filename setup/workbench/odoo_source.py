"""Finds a source tree of Odoo: ODOO_HOME, the official branch, or Debian's package."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .cache import fingerprint, made, root, say
from .problem import Problem

SERIES = ("18.0", "19.0")
REPOSITORY = "https://github.com/odoo/odoo.git"
# What Debian's tree links to: the scripts and fonts that Odoo ships itself elsewhere.
LINKED = {
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
}


@dataclass(frozen=True)
class OdooSource:
    """A tree that holds the package `odoo`; `build` is for people, `key` for names."""

    home: Path
    series: str
    build: str

    @property
    def launcher(self) -> Path:
        """The script that starts Odoo: `odoo-bin`, or Debian's own."""
        own = self.home / "odoo-bin"
        return own if own.exists() else self.home.parents[2] / "bin" / "odoo"

    @property
    def addons(self) -> list[Path]:
        """The folders with Odoo's own addons."""
        return [
            p for p in (self.home / "addons", self.home / "odoo/addons") if p.exists()
        ]

    @property
    def key(self) -> str:
        """Changes with the tree: with any of its manifests, or its git commit."""
        manifests = [
            m for folder in self.addons for m in folder.glob("*/__manifest__.py")
        ]
        stats = sorted(f"{m}{m.stat().st_mtime_ns}" for m in manifests)
        return fingerprint(self.home, git_commit(self.home), *stats)


def find(asked: str | None) -> OdooSource:
    """The Odoo of the series `asked` for (None: 18.0 before 19.0), first that works.

    Raises Problem when there is none.
    """
    if home := os.environ.get("ODOO_HOME"):
        return _given(Path(home), asked)
    wanted = [asked] if asked else list(SERIES)
    ways = (_kept, _cloned, _from_debian)
    for way in ways:
        for series in wanted:
            if source := way(series):
                return source
    raise Problem(
        f"No Odoo {' or '.join(wanted)}: the official repository cannot be reached, "
        "and the Debian mirror has no package of it.",
        "set ODOO_HOME to a source tree of Odoo, or ask for another --series.",
    )


def read(home: Path, label: str) -> OdooSource:
    """The tree at `home`; raises Problem when it is no Odoo we support."""
    release = home / "odoo" / "release.py"
    if not release.exists():
        raise Problem(
            f"{home} is not an Odoo source tree (no odoo/release.py).",
            "point ODOO_HOME at the folder that holds odoo-bin and odoo/.",
        )
    version = re.search(r"^version_info = \((\d+), (\d+)", release.read_text(), re.M)
    series = f"{version[1]}.{version[2]}" if version else "unknown"
    if series not in SERIES:
        raise Problem(
            f"{home} is Odoo {series}; the addon is for {' and '.join(SERIES)}."
        )
    return OdooSource(home, series, label)


def git_commit(home: Path) -> str:
    """The commit that `home` is at; empty when it is not a git clone."""
    if not (home / ".git").exists():
        return ""
    command = ["git", "-C", str(home), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def _given(home: Path, asked: str | None) -> OdooSource:
    home = home.expanduser().resolve()
    source = read(home, f"{home} {git_commit(home)}".strip())
    if asked and source.series != asked:
        raise Problem(
            f"ODOO_HOME holds Odoo {source.series}, but --series {asked} was asked for.",
            "unset ODOO_HOME, or drop --series.",
        )
    return source


def _kept(series: str) -> OdooSource | None:
    """What an earlier run put into the cache."""
    clone = root() / f"odoo-{series}-git"
    if clone.exists():
        return read(clone, f"official branch {series} at {git_commit(clone)}")
    package = root() / f"odoo-{series}-debian"
    return _debian_tree(package) if package.exists() else None


def _cloned(series: str) -> OdooSource | None:
    """A shallow clone of the official branch; None where it cannot be reached."""
    if not _reachable(series):
        return None

    def clone(folder: Path) -> None:
        say(f"Cloning Odoo {series} from {REPOSITORY} …")
        command = ["git", "clone", "--quiet", "--depth", "1", "--branch", series]
        done = subprocess.run([*command, REPOSITORY, str(folder)])
        if done.returncode:
            raise Problem(
                f"Odoo {series} could not be cloned from {REPOSITORY}.",
                "run the command again, or set ODOO_HOME to a source tree.",
            )

    made(f"odoo-{series}-git", clone)
    return _kept(series)


def _reachable(series: str) -> bool:
    command = ["git", "ls-remote", "--exit-code", REPOSITORY, f"refs/heads/{series}"]
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(command, env=quiet, capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done and done.returncode == 0:
        return True
    say(f"The official repository of Odoo {series} cannot be reached.")
    return False


def _from_debian(series: str) -> OdooSource | None:
    """Debian's own package of `series`, unpacked with all it links to."""
    name = f"odoo-{series.split('.')[0]}"
    own = os.environ.get("AC_DEBIAN_MIRROR")
    with debian.Archive([own] if own else debian.mirrors()) as archive:
        entries = archive.find({name} | LINKED)
        if name not in entries:
            say(f"The Debian mirror has no {name}.")
            return None

        def unpack(folder: Path) -> None:
            for entry in entries.values():
                archive.unpack(entry, folder)
            version = entries[name]["version"]
            (folder / "build").write_text(f"Debian's {name} {version}\n")

        made(f"odoo-{series}-debian", unpack)
    return _kept(series)


def _debian_tree(folder: Path) -> OdooSource:
    home = folder / "usr/lib/python3/dist-packages"
    return read(home, (folder / "build").read_text().strip())
