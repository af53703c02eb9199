"""The second place: a directory on another machine's disk into which each root is written once and never again.

`<n // 1000>/<n>.json` with nine digits. The place itself says how far it is, so what could not be written while it was
away is caught up at the next knock. A root that lies there already and differs is never written over: that is the
sign that the database was set back, and is told.
"""

from __future__ import annotations

import contextlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bureau.desk import signing
from bureau.desk.alone import alone
from bureau.desk.models.root import TrailRoot
from bureau.desk.storage import DRAFT, flush_directory
from bureau.proofs.canonical import canonical
from bureau.proofs.roots import PURPOSE, Root

logger = logging.getLogger(__name__)
KEPT = 0o444
MOST_AT_ONCE = 2000


class RootsDiffer(Exception):
    """The place holds another root of that number than the database: `n` is the first."""

    def __init__(self, n: int) -> None:
        super().__init__(f"the second place holds another root {n} than the database")
        self.n = n


@dataclass(frozen=True)
class PlaceState:
    """How the second place stands: `newest` is its last root, `fault` a word for what is wrong, or empty."""

    is_set: bool
    newest: int = 0
    fault: str = ""


def carry_out() -> int:
    """Write the roots that the second place has not got; how many. 0 without a place, or while another does it.

    Raises RootsDiffer, and OSError where the place cannot be written; then the next call goes on from there.
    """
    if settings.ROOTS_DIR is None:
        return 0
    with alone("roots of the trail") as is_alone:
        return write_missing(settings.ROOTS_DIR) if is_alone else 0


def write_missing(place: Path) -> int:
    newest = newest_in(place)
    refuse_other(place, newest)
    missing = TrailRoot.objects.filter(n__gt=newest).order_by("n")[:MOST_AT_ONCE]
    count = 0
    for root in missing.iterator(chunk_size=50):
        write_once(file_of(place, root.n), root.text.encode() + b"\n")
        count += 1
    write_keys(place)
    return count


def refuse_other(place: Path, newest: int) -> None:
    if not newest:
        return
    theirs = digest_in(file_of(place, newest))
    if theirs not in (digest_of(newest), digest_resumed_after(newest)):
        raise RootsDiffer(newest)


def digest_of(n: int) -> str | None:
    return TrailRoot.objects.filter(pk=n).values_list("digest", flat=True).first()


def digest_resumed_after(n: int) -> str | None:
    """The hash of root `n` by the first root after it, where that was made after a restore."""
    after = TrailRoot.objects.filter(n__gt=n).order_by("n").first()
    told = Root.read(after.text).header.get("resumed") if after else None
    return str(told["digest"]) if told and told["known"] == n else None


def digest_in(path: Path) -> str:
    try:
        return Root.read(path.read_text()).digest
    except (ValueError, TypeError, KeyError):
        return ""


def state() -> PlaceState:
    """For pages; asks the place itself."""
    place: Path | None = settings.ROOTS_DIR
    if place is None:
        return PlaceState(is_set=False)
    try:
        newest = newest_in(place)
        refuse_other(place, newest)
    except OSError:
        return PlaceState(is_set=True, fault="unreachable")
    except RootsDiffer as differ:
        return PlaceState(is_set=True, newest=differ.n, fault="differs")
    return PlaceState(is_set=True, newest=newest)


def newest_in(place: Path) -> int:
    """The number of the last root there. Raises OSError when the place itself is not there."""
    folders = sorted(name for name in os.listdir(place) if name.isdecimal())
    for folder in reversed(folders):
        found = [int(path.stem) for path in (place / folder).glob("*.json") if path.stem.isdecimal()]
        if found:
            return max(found)
    return 0


def file_of(place: Path, n: int) -> Path:
    return place / f"{n // 1000:06}" / f"{n:09}.json"


def write_once(path: Path, data: bytes) -> None:
    """All of it, flushed, under a name that nothing had; what lies there already must be the same."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        flush_directory(path.parent.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(KEPT)
        os.link(draft, path)  # unlike a rename it never takes the place of another file
    except FileExistsError:
        if path.read_bytes() != data:
            raise RootsDiffer(int(path.stem) if path.stem.isdecimal() else 0) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    flush_directory(path.parent)


def write_keys(place: Path) -> None:
    """The public keys of roots, a new file whenever there is a new key."""
    keys = signing.public_keys(PURPOSE)
    path = place / f"keys-{len(keys):03}.json"
    if keys and not path.exists():
        write_once(path, canonical([key.as_row() for key in keys]))
