"""Names of write-ahead log files, and which of them lead from one moment to another."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SEGMENT_BYTES = 16 * 1024 * 1024  # what initdb makes unless told otherwise
SEGMENTS_A_FILE_ID = 0x1_0000_0000 // SEGMENT_BYTES
SEGMENT = re.compile(r"[0-9A-F]{24}")
HISTORY = re.compile(r"[0-9A-F]{8}\.history")
ARCHIVED = re.compile(r"[0-9A-F]{24}(\.[0-9A-F]{8}\.backup|\.partial)?|[0-9A-F]{8}\.history")


@dataclass(frozen=True, order=True)
class Segment:
    """16 MiB of the log: its number counts from the cluster's making; a later timeline is newer than any number."""

    timeline: int
    number: int

    @classmethod
    def named(cls, name: str) -> "Segment":
        words = [int(name[at : at + 8], 16) for at in (0, 8, 16)]
        return cls(words[0], words[1] * SEGMENTS_A_FILE_ID + words[2])

    @classmethod
    def holding(cls, lsn: str, timeline: int) -> "Segment":
        """The segment with the byte at an address such as `0/2000028`."""
        return cls(timeline, bytes_of(lsn) // SEGMENT_BYTES)

    @property
    def name(self) -> str:
        high, low = divmod(self.number, SEGMENTS_A_FILE_ID)
        return f"{self.timeline:08X}{high:08X}{low:08X}"


def bytes_of(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def switches_of(history: str) -> dict[int, int]:
    """From a timeline's history: each earlier timeline and the byte of log at which it was left."""
    rows = [line.split() for line in history.splitlines() if line.strip() and not line.startswith("#")]
    return {int(row[0]): bytes_of(row[1]) for row in rows}


def path(start: Segment, end: Segment, switches: Mapping[int, int]) -> Iterator[Segment]:
    """Every segment that recovery reads from `start` to `end`, each on the timeline that holds it for good."""
    begins = {}
    follow = sorted(switches) + [end.timeline]
    for earlier, later in zip(follow, follow[1:], strict=False):
        begins[later] = switches[earlier] // SEGMENT_BYTES
    for number in range(start.number, end.number + 1):
        taken = [line for line, first in begins.items() if first <= number]
        yield Segment(max([start.timeline, *taken]), number)


def missing(wanted: Iterable[Segment], kept: Iterable[str]) -> Segment | None:
    """The first segment that is not kept."""
    there = set(kept)
    return next((segment for segment in wanted if segment.name not in there), None)
