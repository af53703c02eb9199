"""The command line of the stand-alone verifier: one sub-command a kind of proof."""

import argparse
from collections.abc import Sequence
from typing import Protocol

from bureau.proofs import pack, trail


class Command(Protocol):
    """A module that checks one kind of proof; `run` answers the exit status."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, options: argparse.Namespace) -> int: ...


COMMANDS: tuple[Command, ...] = (pack, trail)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 when the proof holds, 1 when it does not, 2 when it was called wrongly."""
    parser = argparse.ArgumentParser(prog="verifier", description="Checks what the portal handed out, without it.")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for command in COMMANDS:
        sub = kinds.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    options = parser.parse_args(arguments)
    return int(options.run(options))
