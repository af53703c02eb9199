"""Where backups are kept and with which key; how a file gets there whole, once, and down to the disk."""

import fcntl
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.keeping.sealing import KeepingError, SealBroken, sealed, unsealed

SHORTEST_KEY = 32  # characters; `secrets.token_urlsafe(32)` makes 43
READ = 1 << 20


class Taken(KeepingError):
    """What is kept under this name is something else; nothing was overwritten."""


@dataclass(frozen=True)
class Place:
    """A directory of sealed files. A name is a path below it and part of what seals the file."""

    root: Path
    key: bytes

    def path(self, name: str) -> Path:
        return self.root / name

    def has(self, name: str) -> bool:
        return self.path(name).exists()

    def names(self, folder: str) -> list[str]:
        """The names of the whole files right in a folder, sorted."""
        found = self.path(folder)
        return sorted(f"{folder}/{one.name}" for one in found.glob("[!.]*") if one.is_file())

    def put(self, name: str, chunks: Iterable[bytes], *, packed: bool = False, replace: bool = False) -> None:
        """Seal a file: whole or not at all, flushed, never over another one; raises Taken unless `replace`."""
        path = self.path(name)
        shared = self._is_shared()
        self._make_folder(path.parent, shared)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                os.fchmod(file.fileno(), 0o640 if shared else 0o600)
                for block in sealed(chunks, key=self.key, name=name, packed=packed):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                draft.replace(path)
            else:
                os.link(draft, path)  # unlike a rename it refuses what is there
        except FileExistsError as error:
            raise Taken(f"{name} is kept already.") from error
        finally:
            draft.unlink(missing_ok=True)
        flush_folder(path.parent)

    def _is_shared(self) -> bool:
        """A place that carries the mark of its group (mode 2770) is kept by PostgreSQL's account and the keeper's."""
        return self.root.exists() and bool(self.root.stat().st_mode & stat.S_ISGID)

    def _make_folder(self, folder: Path, shared: bool) -> None:
        for path in (one for one in (*reversed(folder.parents), folder) if not one.exists()):
            path.mkdir(mode=0o700, exist_ok=True)
            if shared:
                path.chmod(0o2770)

    def read(self, name: str) -> Iterator[bytes]:
        """What was put under this name; raises SealBroken, or KeepingError when it is gone."""
        try:
            with self.path(name).open("rb") as file:
                yield from unsealed(file, key=self.key, name=name)
        except FileNotFoundError as error:
            raise KeepingError(f"{name} is missing from {self.root}.") from error

    def put_record(self, name: str, record: dict[str, Any], *, replace: bool = False) -> None:
        self.put(name, [json.dumps(record).encode()], packed=True, replace=replace)

    def record(self, name: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(b"".join(self.read(name)))
        return read

    def forget(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup, sweep or pruning at a time; raises KeepingError at once when another one is at work."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise KeepingError(f"Another backup is at work in {self.root}; wait for its end.") from error
            yield


def place_of(root: Path, key_file: Path) -> Place:
    """The place with its key; raises KeepingError for a key that others can read or that is too short."""
    return Place(root, read_key(key_file))


def read_key(path: Path) -> bytes:
    """The key of backups: a line of at least 32 random characters, for its owner and at most readers of a group."""
    try:
        state = path.stat()
        words = path.read_bytes().strip()
    except OSError as error:
        raise KeepingError(f"BACKUP_KEY_FILE: cannot read {path}: {error.strerror}.") from error
    if stat.S_IMODE(state.st_mode) & 0o037:
        raise KeepingError(f"BACKUP_KEY_FILE: {path} is open to other accounts; take it back with `chmod 0600`.")
    if len(words) < SHORTEST_KEY:
        raise KeepingError(
            f"BACKUP_KEY_FILE: {path} holds fewer than {SHORTEST_KEY} characters; make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`."
        )
    return words


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(READ):
            yield chunk


def same_content(place: Place, name: str, path: Path) -> bool:
    """Whether what is kept under a name is this very file."""
    try:
        kept = place.read(name)
        with path.open("rb") as file:
            return all(file.read(len(chunk)) == chunk for chunk in kept) and not file.read(1)
    except SealBroken:
        return False


def flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
