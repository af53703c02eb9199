"""The stand-alone verifier as one file: everything of bureau.proofs and nothing else."""

from __future__ import annotations

import tempfile
import zipapp
from pathlib import Path
from shutil import copytree, ignore_patterns

from bureau import proofs

MAIN = "import sys\n\nfrom bureau.proofs.cli import main\n\nsys.exit(main())\n"


def build_verifier(out: Path) -> None:
    """Write the verifier. Raises OSError where `out` cannot be written."""
    source = Path(proofs.__file__).parent
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "bureau").mkdir()
        (Path(place) / "bureau/__init__.py").touch()
        (Path(place) / "__main__.py").write_text(MAIN)
        copytree(source, Path(place) / "bureau/proofs", ignore=ignore_patterns("__pycache__"))
        zipapp.create_archive(place, out, compressed=True)


def verifier_bytes() -> bytes:
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "verifier.pyz"
        build_verifier(out)
        return out.read_bytes()
