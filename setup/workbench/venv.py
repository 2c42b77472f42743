"""The virtual environment of the workbench, and queue_job for each series."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .cache import fingerprint, made, say
from .problem import Problem

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
# What both Odoo series run on.
PYTHONS = ((3, 10), (3, 11), (3, 12), (3, 13))


def python() -> Path:
    """The interpreter of the virtual environment, which is built the first time."""
    base, version = _base_python()
    key = fingerprint(version, REQUIREMENTS.read_text())
    return made(f"python-{version}-{key}", lambda at: _build(base, at)) / "bin/python"


def queue_job(series: str) -> Path:
    """The addons folder that holds `queue_job` of `series`.

    Installed without its requirement `odoo`, which comes from a source tree here.
    """

    def install(folder: Path) -> None:
        say(f"Installing queue_job for Odoo {series} …")
        wanted = f"odoo-addon-queue-job=={series}.*"
        _pip(Path(sys.executable), "--no-deps", "--target", str(folder), wanted)

    return made(f"queue_job-{series}", install) / "odoo" / "addons"


def queue_job_version(addons: Path) -> str:
    """The version in the name of the distribution beside `addons`."""
    found = next(addons.parents[1].glob("odoo_addon_queue_job-*.dist-info"))
    return found.stem.partition("-")[2]


def _base_python() -> tuple[str, str]:
    """An interpreter that Odoo supports, this one if possible, and its version."""
    if sys.version_info[:2] in PYTHONS:
        # Inside the virtual environment this names the interpreter it came from.
        return sys._base_executable, "{}.{}".format(*sys.version_info)
    names = ["{}.{}".format(*version) for version in reversed(PYTHONS)]
    for name in names:
        if found := shutil.which(f"python{name}"):
            return found, name
    raise Problem(
        f"Odoo needs Python {names[-1]} to {names[0]}; this is {sys.version.split()[0]}.",
        f"install python{names[1]} and run the command again.",
    )


def _build(base: str, folder: Path) -> None:
    """Make the environment in `folder`, which is about to lose its `.making`."""
    say("Preparing the virtual environment (a minute or two, once) …")
    done = subprocess.run([base, "-m", "venv", str(folder)], capture_output=True)
    if done.returncode:
        raise Problem(
            f"{base} cannot make a virtual environment.",
            "install its venv module (on Debian and Ubuntu: apt install python3-venv).",
        )
    _pip(folder / "bin/python", "--prefer-binary", "-r", str(REQUIREMENTS))
    _name_final_place(folder)


def _pip(interpreter: Path, *arguments: str) -> None:
    command = [str(interpreter), "-m", "pip", "install", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Problem(
            f"pip could not install what is needed:\n{done.stderr.strip()[-2000:]}",
            "check the network and pip's index configuration, and run it again.",
        )


def _name_final_place(folder: Path) -> None:
    """Let the scripts in `bin/` name the folder that `folder` is renamed to."""
    temporary = os.fsencode(folder)
    final = os.fsencode(folder.with_suffix(""))
    scripts = [f for f in (folder / "bin").glob("*") if f.is_file()]
    for script in (script for script in scripts if not script.is_symlink()):
        text = script.read_bytes()
        if temporary in text:
            script.write_bytes(text.replace(temporary, final))
