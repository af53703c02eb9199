"""What oversight hands down to the desk's pages."""

from __future__ import annotations


def register() -> None:
    pass
