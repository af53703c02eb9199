import tempfile
import zipapp
from pathlib import Path
from shutil import copytree, ignore_patterns

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import proofs

MAIN = "import sys\n\nfrom bureau.proofs.cli import main\n\nsys.exit(main())\n"


class Command(BaseCommand):
    help = "Makes the stand-alone verifier: one file that runs with `python3 -I verifier.pyz`, without the portal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", help="the file to write, verifier.pyz")

    def handle(self, *args: object, out: str, **options: object) -> None:
        source = Path(proofs.__file__).parent
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "bureau").mkdir()
            (Path(place) / "bureau/__init__.py").touch()
            (Path(place) / "__main__.py").write_text(MAIN)
            copytree(source, Path(place) / "bureau/proofs", ignore=ignore_patterns("__pycache__"))
            try:
                zipapp.create_archive(place, out, compressed=True)
            except OSError as error:
                raise CommandError(f"{out}: cannot be written ({error.strerror}).") from error
        self.stdout.write(f"verifier written: {out}")
