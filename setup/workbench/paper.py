"""Odoo's reports as PDF: the program it makes them with, and how much is on them."""

import io
import subprocess

from . import apt

PROGRAM = "wkhtmltopdf"
MISSING = f"no {PROGRAM} here, so reports are not made as PDF (install {PROGRAM})"


def find() -> str | None:
    """The path of the program; None when there is none and none can be installed."""
    return apt.found(PROGRAM, PROGRAM)


def describe() -> str:
    """Its version, or why tests will be skipped; for people."""
    program = find()
    if not program:
        return f"PDF: {MISSING}"
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    return done.stdout.strip()


def pages_of(pdf: bytes) -> list[int]:
    """How much is drawn on each page of a PDF, in bytes. What it says cannot be read
    back: without Qt's patches the program draws letters as shapes."""
    from PyPDF2 import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    return [len(page.get_contents().get_data()) for page in pages]
