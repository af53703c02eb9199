"""`python -m config.launcher demo [--port N] [--no-simulate]`."""

import argparse
import sys

from django.core.management import CommandError

from config.catalogue import CatalogueError
from config.launcher.demo import Wishes, run_demo
from config.launcher.places import LauncherError


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m config.launcher", description=__doc__)
    parser.add_argument("what", choices=["demo"])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-simulate", dest="simulate", action="store_false")
    asked = parser.parse_args()
    try:
        run_demo(Wishes(port=asked.port, simulate=asked.simulate))
    except (LauncherError, CatalogueError, CommandError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
