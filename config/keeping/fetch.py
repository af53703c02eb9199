"""PostgreSQL's restore_command: `python -m config.keeping.fetch SYSTEM NAME PATH`.

Exit status 1 says that there is no such file (recovery ends there or goes on); 200 stops the recovery: it is damaged.
"""

import os
import sys
from pathlib import Path

from config.keeping.place import place_of
from config.keeping.sealing import KeepingError

ABSENT, DAMAGED = 1, 200


def main() -> None:
    system, name, path = sys.argv[1:4]
    try:
        place = place_of(Path(os.environ["BACKUP_DIR"]), Path(os.environ["BACKUP_KEY_FILE"]))
        kept = f"wal/{system}/{name}"
        if not place.has(kept):
            sys.exit(ABSENT)
        with Path(path).open("wb") as file:
            for chunk in place.read(kept):
                file.write(chunk)
    except (KeepingError, OSError) as error:
        sys.stderr.write(f"fetch: {error}\n")
        sys.exit(DAMAGED)


if __name__ == "__main__":
    main()
