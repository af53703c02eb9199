"""A figure with its floor, the table of all of them, and the file that keeps them."""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HEADS = ("what", "portal", "unit", "p95", "bare SQL", "ratio", "queries")


@dataclass(frozen=True)
class Figure:
    """One measurement. `ratio` says how many times the floor's cost it is: 1 would be bare SQL itself."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    queries: int | None = None
    p95: float | None = None

    @property
    def ratio(self) -> float | None:
        if not self.floor or not self.value:
            return None
        return self.floor / self.value if self.unit.endswith("/s") else self.value / self.floor

    def told(self) -> dict[str, object]:
        ratio = self.ratio
        return asdict(self) | {"ratio": round(ratio, 2) if ratio else None}


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long it takes each time, after two that only warm up."""
    work()
    work()
    return sorted(1000 * seconds(work) for _ in range(times))


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that one in twenty exceeds."""
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def table(figures: Sequence[Figure]) -> str:
    rows = [HEADS, *(cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = [
        "  ".join(cell.ljust(width) if place in (0, 2) else cell.rjust(width)
                  for place, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]  # fmt: skip
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def cells(figure: Figure) -> tuple[str, ...]:
    ratio = f"{figure.ratio:.1f}" if figure.ratio else ""
    queries = "" if figure.queries is None else str(figure.queries)
    return (
        figure.name, shown(figure.value), figure.unit, shown(figure.p95), shown(figure.floor), ratio, queries,
    )  # fmt: skip


def shown(value: float | None) -> str:
    """Three figures are as many as a measurement has."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def keep(figures: Sequence[Figure], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([figure.told() for figure in figures], indent=2) + "\n")
