"""Documents and keys: objects named by the SHA-256 of their content, told by lists that are chained by number.

A full list stands beside each base; between two bases a sweep adds lists of what is new. Documents are never changed
or removed, so a moment's documents are all that were written until then. Keys are listed whole each time and restored
as they last were: a key that was destroyed since stays destroyed.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from config.keeping.place import Place, chunks_of
from config.keeping.sealing import KeepingError

HEAD = "heads/files"
WRITTEN_WITHIN = 60  # seconds
UNLISTED = ("drafts", "orphans")  # photos of refused forms wait a day there; files without a row are set aside


@dataclass(frozen=True)
class Kept:
    """One file below one of the roots; `changed_ns` is its time on the disk."""

    root: str
    path: str
    size: int
    sha256: str
    changed_ns: int

    @property
    def object(self) -> str:
        return f"objects/{self.sha256[:2]}/{self.sha256}"


@dataclass(frozen=True)
class Roots:
    """Where the portal's files lie; `secret` is the key that signs sessions and links."""

    media: Path
    keys: Path
    secret: str = ""


@dataclass
class Listing:
    """What a sweep found. `changed` names documents that are no longer as they were kept."""

    seq: int
    documents: dict[str, Kept] = field(default_factory=dict)
    keys: list[Kept] = field(default_factory=list)
    added: list[Kept] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def sweep(place: Place, roots: Roots, *, at: datetime, full: bool = False, known: Listing | None = None) -> Listing:
    """Keep what is new since the last list. The caller holds the place's lock (`Place.alone`)."""
    known = known or last_listing(place)
    found = Listing(known.seq, dict(known.documents))
    for path, state in _below(roots.media):
        old = known.documents.get(path)
        if old and (old.size, old.changed_ns) == (state.st_size, state.st_mtime_ns) and place.has(old.object):
            continue
        fresh = _keep(place, "media", roots.media, path, state)
        if fresh:
            found.documents[path] = fresh
            found.added.append(fresh)
            found.changed += [path] if old and not _still_growing(old, fresh) else []
    found.keys = [kept for path, state in _below(roots.keys) if (kept := _keep(place, "keys", roots.keys, path, state))]
    found.keys += [_keep_secret(place, roots.secret, at)] if roots.secret else []
    full = full or not known.seq
    if full or found.added or _marks(found.keys) != _marks(known.keys):
        found.seq += 1
        _write(place, found, at, full)
    place.put_record(HEAD, {"seq": found.seq, "taken_at": at.isoformat()}, replace=True)
    return found


def last_listing(place: Place, since: int = 0) -> Listing:
    """All lists from the newest full one, or from the full one `since`, to the head; raises KeepingError for a gap."""
    if not place.has(HEAD):
        if place.names("files"):
            raise KeepingError(f"{HEAD} is missing from {place.root}: nobody can say which list of files is the last.")
        return Listing(0)
    newest = int(place.record(HEAD)["seq"])
    records = _records(place, newest, since)
    found = Listing(newest)
    for record in records:
        found.documents |= {row[1]: Kept(*row) for row in record["documents"]}
    found.keys = [Kept(*row) for row in records[-1]["keys"]]
    return found


def taken_at(place: Place) -> datetime | None:
    """When the files were last looked through; None before the first time."""
    return datetime.fromisoformat(place.record(HEAD)["taken_at"]) if place.has(HEAD) else None


def restore_files(place: Place, files: Iterable[Kept], folder: Path) -> int:
    """Write files below a folder and compare each with its name's hash; answers how many."""
    count = 0
    for kept in files:
        target = folder / kept.path
        if not target.resolve().is_relative_to(folder.resolve()):
            raise KeepingError(f"The list of files names a path outside its folder: {kept.path}.")
        _restore_one(place, kept, target)
        count += 1
    return count


def forget_lists_before(place: Place, seq: int) -> list[str]:
    """Forget lists older than a whole one, and the objects of keys that only they name; answers the names."""
    older = [name for name in place.names("files") if name < _name(seq)]
    gone = {kept.object for name in older for kept in _keys(place, name)}
    left = [name for name in place.names("files") if name >= _name(seq)]
    gone -= {kept.object for name in left for kept in _keys(place, name)}
    gone -= {kept.object for kept in last_listing(place).documents.values()}
    for name in [*older, *sorted(gone)]:
        place.forget(name)
    return [*older, *sorted(gone)]


def _keys(place: Place, name: str) -> list[Kept]:
    return [Kept(*row) for row in place.record(name)["keys"]]


def _restore_one(place: Place, kept: Kept, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = hashlib.sha256()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in place.read(kept.object):
            mark.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if mark.hexdigest() != kept.sha256:
        raise KeepingError(f"{kept.object}: its content is not what its name says.")
    os.utime(target, ns=(kept.changed_ns, kept.changed_ns))


def _records(place: Place, newest: int, since: int) -> list[dict[str, Any]]:
    gathered = []
    for seq in range(newest, 0, -1):
        record = place.record(_name(seq))
        gathered.append(record)
        if record["full"] and seq <= (since or newest):
            return gathered[::-1]
    raise KeepingError(f"No whole list of files is left in {place.root}/files.")


def _name(seq: int) -> str:
    return f"files/{seq:010d}"


def _write(place: Place, found: Listing, at: datetime, full: bool) -> None:
    documents = found.documents.values() if full else found.added
    record = {
        "seq": found.seq,
        "full": full,
        "taken_at": at.isoformat(),
        "documents": [_row(kept) for kept in documents],
        "keys": [_row(kept) for kept in found.keys],
    }
    place.put_record(_name(found.seq), record)


def _row(kept: Kept) -> list[str | int]:
    return [kept.root, kept.path, kept.size, kept.sha256, kept.changed_ns]


def _marks(keys: Iterable[Kept]) -> set[tuple[str, str]]:
    return {(kept.path, kept.sha256) for kept in keys}


def _below(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below a directory as path and state; drafts of names with a leading dot are left out."""
    for folder, folders, names in os.walk(root):
        inner = Path(folder).relative_to(root)
        folders[:] = sorted(name for name in folders if not (inner == Path() and name in UNLISTED))
        for name in sorted(names):
            if not name.startswith("."):
                yield str(inner / name), (Path(folder) / name).stat()


def _keep(place: Place, root: str, folder: Path, path: str, state: os.stat_result) -> Kept | None:
    """Keep one file's content; None for a file that changes or goes while it is read: the next sweep finds it."""
    try:
        with (folder / path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        kept = Kept(root, path, state.st_size, digest, state.st_mtime_ns)
        if not place.has(kept.object):
            place.put(kept.object, _unchanged(folder / path, digest))
    except (FileNotFoundError, _Moving):
        return None
    return kept


class _Moving(Exception):
    """The file is not what it was a moment ago."""


def _unchanged(path: Path, digest: str) -> Iterator[bytes]:
    mark = hashlib.sha256()
    for chunk in chunks_of(path):
        mark.update(chunk)
        yield chunk
    if mark.hexdigest() != digest:
        raise _Moving


def _still_growing(old: Kept, fresh: Kept) -> bool:
    """The former sweep met the file while it was being written."""
    return old.sha256 == fresh.sha256 or (
        fresh.size > old.size and fresh.changed_ns - old.changed_ns < WRITTEN_WITHIN * 1e9
    )


def _keep_secret(place: Place, secret: str, at: datetime) -> Kept:
    content = secret.encode()
    digest = hashlib.sha256(content).hexdigest()
    kept = Kept("secret", "secret_key", len(content), digest, int(at.timestamp() * 1e9))
    if not place.has(kept.object):
        place.put(kept.object, [content])
    return kept
