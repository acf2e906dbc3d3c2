"""The files in a ZIP archive, within bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from testamur.errors import Malformed
from testamur.scanning.parts import MAX_FILE

MAX_MEMBERS = 1000
MAX_TOTAL = 200_000_000


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file of the archive with its name; raises Malformed on a broken, locked or bursting one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MAX_MEMBERS:
                raise Malformed("", f"the archive holds {len(entries)} files; {MAX_MEMBERS} are the limit")
            total = 0
            for entry in entries:
                content = _read(archive, entry)
                total += len(content)
                if total > MAX_TOTAL:
                    raise Malformed("", f"the archive unpacks to more than {MAX_TOTAL:,} bytes")
                yield entry.filename, content
    except Malformed:
        raise
    except Exception as error:  # zipfile raises a dozen kinds on hostile bytes
        raise Malformed("", f"the archive cannot be unpacked: {type(error).__name__}") from None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 1:
        raise Malformed("", f"{entry.filename!r:.100} in the archive is locked by a password")
    with archive.open(entry) as stream:
        content = stream.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise Malformed("", f"{entry.filename!r:.100} in the archive unpacks to more than {MAX_FILE:,} bytes")
    return content
