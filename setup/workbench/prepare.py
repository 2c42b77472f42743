"""What every command works with, prepared in order: PostgreSQL, Odoo, databases."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import assets, database, odoo_source, postgres, venv
from .cache import fingerprint, log_file, say
from .odoo import ADDON, REPOSITORY, Odoo
from .odoo_log import complaints
from .problem import Problem

DEPENDENCIES = "base,contacts,sale,website,queue_job"
# What of the addon does not change a database when it is installed.
NOT_INSTALLED = {"__pycache__", "tests", "readme", "i18n_extra"}
_count = itertools.count(1)


@dataclass(frozen=True)
class Workbench:
    """A prepared Odoo and PostgreSQL; databases on demand."""

    odoo: Odoo
    queue_job: str
    postgres: str

    @property
    def summary(self) -> str:
        """Series and builds, for people."""
        source = self.odoo.source
        return (
            f"Odoo {source.series} ({source.build}), queue_job {self.queue_job}, "
            f"{self.postgres}"
        )

    def dependencies_template(self) -> str:
        """A database with everything the addon depends on, without demo data."""
        source = self.odoo.source
        key = fingerprint(source.key, self.queue_job, DEPENDENCIES)
        name = f"ac_deps_{source.series[:2]}_{key}"
        return database.template(
            name, None, lambda made: self._install(made, DEPENDENCIES)
        )

    def addon_template(self) -> str:
        """A database with the addon as it is now in the working tree."""
        base = self.dependencies_template()
        prefix = base.replace("deps", "addon")
        name = f"{prefix}_{addon_fingerprint(REPOSITORY / ADDON)}"
        if not database.exists(name):
            database.prune(prefix)
        return database.template(
            name, base, lambda made: self._install(made, ADDON, name)
        )

    def screens_template(self) -> str:
        """A database with the addon whose pages a browser need not wait for."""
        base = self.addon_template()
        name = base.replace("addon", "screens")
        if not database.exists(name):
            database.prune(name.rpartition("_")[0])
        return database.template(name, base, lambda made: assets.build(self.odoo, made))

    def install_log(self) -> str:
        """Odoo's log of the addon's installation into `addon_template`."""
        return log_file(self.addon_template()).read_text()

    @contextmanager
    def fresh_database(self, template: str | None = None) -> Iterator[str]:
        """A clone of `template` (default: with the addon), dropped after the block."""
        name = database.run_name(next(_count))
        database.create(name, template or self.addon_template())
        try:
            yield name
        finally:
            database.drop(name)

    def _install(self, name: str, modules: str, logged_as: str | None = None) -> None:
        say(f"Installing {modules} (Odoo {self.odoo.source.series}) …")
        log = self.odoo.change_modules(name, "-i", modules)
        log_file(logged_as or name).write_text(log)
        errors = [line for line in complaints(log) if " WARNING " not in line]
        if errors or not installed(name, modules.split(",")):
            raise Problem(
                f"{modules} could not be installed:\n" + "\n".join(errors[:20]),
                f"read {log_file(logged_as or name)}",
            )


@contextmanager
def prepared(series: str | None = None) -> Iterator[Workbench]:
    """A Workbench for `series` (None: the first that can be had) during the block.

    Raises Problem when a step fails.
    """
    source = odoo_source.find(series)
    queue_job = venv.queue_job(source.series)
    addons = (REPOSITORY, queue_job, *source.addons)
    work = Path(tempfile.mkdtemp(prefix="ac-workbench-"))
    try:
        with postgres.running() as server:
            database.drop_abandoned()
            odoo = Odoo(source, addons, database.data_folder(), work)
            yield Workbench(odoo, venv.queue_job_version(queue_job), server)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def installed(name: str, modules: list[str]) -> bool:
    """Whether all `modules` are installed in the database `name`."""
    connection = postgres.connect(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ir_module_module WHERE name = ANY(%s) "
            "AND state = 'installed'",
            [modules],
        )
        (count,) = cursor.fetchone()
    connection.close()
    return count == len(modules)


def addon_fingerprint(addon: Path) -> str:
    """Changes with every file of `addon` that matters in an installed database."""
    files = sorted(file for file in addon.rglob("*") if file.is_file())
    names = [file.relative_to(addon) for file in files]
    wanted = [name for name in names if not NOT_INSTALLED & set(name.parts)]
    return fingerprint(
        *[part for n in wanted for part in (n, (addon / n).read_bytes())]
    )
