"""Where things are: the checkout, and what was built from it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
BUILD = os.environ.get("CLIENTHUB_BUILD", "debug")


def program(name):
    package = ROOT / "web" if name == "ClientHubWeb" else ROOT
    return package / ".build" / BUILD / name


def resources():
    """The texts and templates that the front end was built with, which may be older than the sources'."""
    return program("ClientHubWeb").parent / "clienthub-web_ClientHubWeb.resources/Resources"
