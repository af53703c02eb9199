"""The order of the measurements, and what is said about them."""

import os
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from bench import figures, ground, intake, lists, papers, rows, sweep
from bench.figures import Figure
from config.launcher.places import Places

MANY = int(os.environ.get("BENCH_MANY", "1_000_000"))
Result = TypeVar("Result")
LATEST = ground.KEPT / "latest.json"


def run(places: Places) -> int:
    """Everything once; exit status 0, or 130 when interrupted."""
    started = time.monotonic()
    try:
        with ground.engines_of(places):
            found = measure(places)
    except KeyboardInterrupt:
        print("Interrupted; nothing was kept.", file=sys.stderr)
        return 130
    figures.keep(found, LATEST)
    print(f"\n{os.cpu_count()} processors, {time.monotonic() - started:.0f} s in all; engines flush to the disk.")
    print("Lists: pages of 100, p50 over one kept connection. Ratio: how many times the cost of bare SQL.\n")
    print(figures.table(found))
    print(f"\nWritten to {LATEST}")
    return 0


def measure(places: Places) -> list[Figure]:
    step("tables, reference data, accounts", ground.furnish)
    found = []
    with ground.web_server(places) as port:
        found += step("intake", lambda: intake.measure(places, port))
        step(f"{MANY:,} issues", lambda: rows.fill(places, rows.mixed_issues(MANY)))
        found += step("lists", lambda: lists.measure(places, port))
    found += measure_sweeps(places)
    found += step("papers", papers.measure)
    return found


def measure_sweeps(places: Places) -> list[Figure]:
    """Among half of the running clocks, then among all: what a sweep takes must follow what is due, not what runs."""
    half, found = MANY // 2, []
    for numbers_from in (5_000, 5_000 + rows.OF_A_DAY):
        clocks = rows.issues_at_work(half, numbers_from=numbers_from)
        step(f"{half:,} running clocks more", lambda: rows.fill(places, clocks))  # noqa: B023 - called at once
        found.append(step("sweep", lambda: sweep.measure(places)))
    return [*found[0], *found[1], *sweep.growth(*found)]


def step(name: str, work: Callable[[], Result]) -> Result:
    print(f"  {name:<34} ", end="", flush=True)
    started = time.monotonic()
    result = work()
    print(f"{time.monotonic() - started:5.1f} s", flush=True)
    return result
