#!/usr/bin/env python
"""The portal's commands. Without DATABASE_URL they use the engines of a running portal, or start their own."""

import os
import sys
from contextlib import nullcontext

from django.core.management import execute_from_command_line

from config.launcher.engines import at_hand
from config.launcher.places import LauncherError, Places

WITHOUT_ENGINES = {"help", "version", "--help", "--version", "build_catalogue", "check_translations", "collectstatic"}
WITHOUT_ENGINES |= {"restore"}  # the database of this machine may be what was lost


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    given = os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE")
    alone = given or len(sys.argv) < 2 or sys.argv[1] in WITHOUT_ENGINES
    os.environ.setdefault("PORTAL_WITHOUT_POOL", "1")  # one connection is enough for one command
    try:
        with nullcontext() if alone else at_hand(Places.from_environment()):
            execute_from_command_line(sys.argv)
    except LauncherError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
