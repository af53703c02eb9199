"""`python -m bench`: builds a throw-away portal, measures, prints the table, writes `var/bench/latest.json`."""

import signal
import sys
from typing import NoReturn

import django

from bench import ground

PLACES = ground.announce()
django.setup()

from bench import run  # noqa: E402 - the nouns can be named only after the settings were read


def interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(run.run(PLACES))
