"""Whether a ZIP holds what its list of files does not show: bytes before, between or after them, or remarks."""

import zipfile
from pathlib import Path

LOCAL, CENTRAL, END = 30, 46, 22  # bytes of the fixed parts: before a file, its row in the directory, the end


def hidden_bytes(path: Path, archive: zipfile.ZipFile) -> bool:
    """True where the file is longer than its members and their directory make it, or carries remarks."""
    rows = sorted(archive.infolist(), key=lambda row: row.header_offset)
    if archive.comment or any(row.comment or row.extra for row in rows):
        return True
    expected = 0
    for row in rows:
        if row.header_offset != expected:
            return True
        expected += LOCAL + len(name_of(row)) + row.compress_size
    expected += sum(CENTRAL + len(name_of(row)) for row in rows) + END
    return path.stat().st_size != expected


def name_of(row: zipfile.ZipInfo) -> bytes:
    return row.orig_filename.encode("utf-8" if row.flag_bits & 0x800 else "cp437")
