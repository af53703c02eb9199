"""Base backups: the whole cluster as PostgreSQL streams it, sealed, read back and compared with its manifest."""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from config.keeping.archive import refuse_stranger
from config.keeping.place import Place
from config.keeping.programs import address_of, binaries, output_of
from config.keeping.sealing import KeepingError
from config.keeping.wal import Segment

STAMP = "%Y%m%dT%H%M%S%fZ"
PATIENCE = 90  # seconds until the last segment of a base must be in the archive
MANIFEST = "backup_manifest"


@dataclass(frozen=True)
class Base:
    """A base that was read back whole. Times are aware; the files' list `files_seq` was taken right after it."""

    system: str
    stamp: str
    started_at: datetime
    finished_at: datetime
    first: Segment
    last: Segment
    size: int  # bytes of the cluster
    files_seq: int

    @property
    def tar(self) -> str:
        return f"bases/{self.system}/{self.stamp}.tar"

    @property
    def facts(self) -> str:
        return f"bases/{self.system}/{self.stamp}.facts"

    def record(self) -> dict[str, Any]:
        plain = asdict(self) | {"first": self.first.name, "last": self.last.name}
        return plain | {name: plain[name].isoformat() for name in ("started_at", "finished_at")}


def bases_of(place: Place, system: str) -> list[Base]:
    """The bases that have their facts, the oldest first; raises SealBroken for facts that were changed."""
    return [_read(place.record(name)) for name in place.names(f"bases/{system}") if name.endswith(".facts")]


def systems_of(place: Place) -> list[str]:
    return sorted(path.name for path in place.path("bases").glob("*") if path.is_dir())


def take_base(place: Place, url: str, *, at: datetime, files_seq: int, limit: float) -> Base:
    """Copy the running cluster; raises KeepingError where it cannot be copied whole, or its log is not archived."""
    with psycopg.connect(url, autocommit=True) as line:
        system = refuse_without_archive(line)
        stamp = at.astimezone(UTC).strftime(STAMP)
        tar = f"bases/{system}/{stamp}.tar"
        try:
            place.put(tar, _streamed(url, limit), packed=True)
            row = line.execute("SELECT clock_timestamp()").fetchone()
            manifest, size = read_back(place, tar)
            first, last = _span(manifest)
            wait_for(place, system, last)
            assert row
            base = Base(system, stamp, at, row[0], first, last, size, files_seq)
            place.put_record(base.facts, base.record())
        except BaseException:
            place.forget(tar)
            raise
    return base


def read_back(place: Place, tar: str) -> tuple[dict[str, Any], int]:
    """The manifest of a kept base and its size, after each file was compared with it; raises KeepingError."""
    sums: dict[str, str] = {}
    size, manifest = 0, b""
    with opened(place, tar) as members:
        for member in members:
            file = members.extractfile(member) if member.isfile() else None
            if file and member.name == MANIFEST:
                manifest = file.read()
            elif file:
                sums[member.name] = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
                size += member.size
    listed: dict[str, Any] = json.loads(manifest or b"{}")
    for entry in listed.get("Files", []):
        name = entry.get("Path") or bytes.fromhex(entry["Encoded-Path"]).decode(errors="surrogateescape")
        if sums.get(name) != entry["Checksum"]:
            raise KeepingError(f"{tar}: {name} is not as PostgreSQL's manifest says.")
    if not listed.get("WAL-Ranges"):
        raise KeepingError(f"{tar}: it has no manifest of PostgreSQL's.")
    return listed, size


@contextmanager
def opened(place: Place, tar: str) -> Iterator[tarfile.TarFile]:
    """A kept base to be read forwards; raises SealBroken, at the latest behind its last member."""
    chunks = place.read(tar)
    with tarfile.open(fileobj=Stream(chunks), mode="r|") as members:
        yield members
    for _rest in chunks:
        pass


def wait_for(place: Place, system: str, segment: Segment, patience: float = PATIENCE) -> None:
    """Until the archive holds a segment; raises KeepingError when it does not come."""
    until = time.monotonic() + patience
    while not place.has(f"wal/{system}/{segment.name}"):
        if time.monotonic() > until:
            raise KeepingError(
                f"The log {segment.name} did not reach the archive within {patience:.0f} s; see PostgreSQL's log for "
                "what archive_command said."
            )
        time.sleep(0.05)


class Stream(io.RawIOBase):
    """Chunks as a file that tarfile reads forwards."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self.chunks, self.held = chunks, b""

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        parts, there = [self.held], len(self.held)
        while (there < count or count < 0) and (chunk := next(self.chunks, None)) is not None:
            parts.append(chunk)
            there += len(chunk)
        whole = b"".join(parts)
        self.held = whole[count:] if count >= 0 else b""
        return whole[: len(whole) - len(self.held)]


def _streamed(url: str, limit: float) -> Iterator[bytes]:
    address, environment = address_of(url)
    command: list[str | Path] = [
        binaries() / "pg_basebackup",
        "--dbname",
        address,
        "--no-password",
        "--pgdata",
        "-",
        "--format",
        "tar",
    ]
    command += ["--wal-method", "none", "--checkpoint", "fast", "--manifest-checksums", "SHA256"]
    return output_of(command, limit=limit, environment=environment)


def refuse_unkept(place: Place, url: str) -> None:
    """Raises KeepingError where the database cannot be kept in this place, before anything is written there."""
    with psycopg.connect(url, autocommit=True) as line:
        refuse_stranger(place, refuse_without_archive(line))


def refuse_without_archive(line: psycopg.Connection) -> str:
    """The cluster's number; raises KeepingError when its log is not archived, as no moment could be reached."""
    row = line.execute(
        "SELECT system_identifier::text, current_setting('archive_mode'), current_setting('wal_level')"
        " FROM pg_control_system()"
    ).fetchone()
    assert row
    if row[1] == "off" or row[2] == "minimal":
        raise KeepingError(
            "PostgreSQL does not archive its log (archive_mode, wal_level); set them as docs/operations.md says and "
            "start it again."
        )
    return str(row[0])


def _span(manifest: dict[str, Any]) -> tuple[Segment, Segment]:
    rows = manifest["WAL-Ranges"]
    return (
        Segment.holding(rows[0]["Start-LSN"], rows[0]["Timeline"]),
        Segment.holding(rows[-1]["End-LSN"], rows[-1]["Timeline"]),
    )


def _read(record: dict[str, Any]) -> Base:
    times = {name: datetime.fromisoformat(record[name]) for name in ("started_at", "finished_at")}
    spans = {name: Segment.named(record[name]) for name in ("first", "last")}
    return Base(**(record | times | spans))
