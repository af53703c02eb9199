"""A PostgreSQL of its own that archives its log, with a few documents and keys: what the drills lose and restore."""

import os
import signal
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from config.keeping.archive import system_of
from config.keeping.backup import Done, Source, back_up
from config.keeping.files import Roots, sweep
from config.keeping.place import Place, place_of
from config.keeping.restoring import Wishes, restore
from config.keeping.wanted import Wanted, make_key
from config.keeping.watch import note_complete, push_log
from config.launcher.engines import Engines, connect
from config.launcher.places import Places


class Cluster:
    """Durable engines below a directory that is thrown away; `notes` holds one word a row."""

    def __init__(self, var: Path | None = None, wanted: Wanted | None = None) -> None:
        self.places = Places(var or Path(tempfile.mkdtemp(prefix="portal-keeping-")))
        self.wanted = wanted or Wanted(self.places.var / "backup", self.places.var / "backup_key")
        make_key(self.wanted.key_file)
        self.engines = Engines(self.places, durable=True, keeping=self.wanted)
        self.done: Done | None = None
        self.moments: list[datetime] = []
        self.documents: dict[str, bytes] = {}
        self.reached: datetime | None = None
        self.roots = Roots(self.places.var / "media", self.places.var / "keys", "the secret key of the portal")

    @property
    def place(self) -> Place:
        return place_of(self.wanted.directory, self.wanted.key_file)

    @property
    def system(self) -> str:
        return system_of(self.places.database_files)

    def start(self) -> None:
        self.engines.start()
        (self.roots.keys / "trail").mkdir(parents=True)
        (self.roots.keys / "trail/keys.json").write_text("[]")
        with connect(self.places, "portal") as line:
            line.execute("CREATE TABLE IF NOT EXISTS notes (word text)")

    def write(self, word: str) -> datetime:
        """A row and a document that are committed; answers a moment at which both were there."""
        file = self.roots.media / "sealed" / f"{word}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(os.urandom(2000) + word.encode())
        with connect(self.places, "portal") as line:
            line.execute("INSERT INTO notes VALUES (%s)", [word])
            row = line.execute("SELECT clock_timestamp()").fetchone()
        assert row
        return row[0]

    def back_up(self) -> Done:
        return back_up(self.place, Source(self.places.database_url, self.roots), at=datetime.now(UTC), limit=120)

    def sweep(self) -> None:
        with self.place.alone():
            sweep(self.place, self.roots, at=datetime.now(UTC))

    def push(self) -> datetime:
        reached = push_log(self.place, self.places.database_url)
        note_complete(self.place, reached)
        return reached.at

    def kill(self) -> None:
        """As a power cut meets the postmaster: no shutdown, no last words."""
        assert self.engines.database
        os.killpg(self.engines.database.pid, signal.SIGKILL)
        self.engines.database.wait()

    def restore(self, to: Path, moment: datetime | None = None, *, place: Place | None = None) -> None:
        wishes = Wishes(to, self.wanted.key_file, self.places.database_url, check=False)
        restore(place or self.place, wishes, moment=moment, say=lambda words: None)

    def notes_in(self, folder: Path) -> list[str]:
        """What a restored directory holds when the portal's own engines start on it."""
        places = Places(folder)
        engines = Engines(places, durable=False)
        engines.start()
        try:
            return notes(places)
        finally:
            engines.stop()


def notes(places: Places) -> list[str]:
    with psycopg.connect(places.database_url) as line:
        return [row[0] for row in line.execute("SELECT word FROM notes ORDER BY word")]
