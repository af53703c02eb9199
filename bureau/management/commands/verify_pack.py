"""`manage.py verify_pack FILE [--keys FILE]`: the same check as the stand-alone verifier makes."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bureau.desk.signing import public_keys
from bureau.proofs import pack
from bureau.proofs.keys import KeyRing


class Command(BaseCommand):
    help = "Check a hand-over pack: every file, the list of files, and the signature."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the pack, a .zip file")
        parser.add_argument("--keys", type=Path, help="public keys in a .json file; without it, the portal's own")

    def handle(self, *args: Any, **options: Any) -> None:
        given = argparse.Namespace(**options)
        keys = KeyRing.read(given.keys) if given.keys else KeyRing([key.as_row() for key in public_keys(pack.PURPOSE)])
        faults = pack.faults_of(given.file, keys)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            sys.exit(1)
        self.stdout.write("the pack is whole and as it was signed")
