"""Odoo's reports as PDF: the program it makes them with, and what they say."""

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


def text_of(pdf: bytes) -> str:
    """What is written on the pages of a PDF, its words divided by single spaces."""
    from PyPDF2 import PdfReader

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(" ".join(pages).split())
