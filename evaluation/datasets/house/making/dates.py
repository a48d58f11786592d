"""Fixed times, so that every run writes the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

EPOCH = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_ZIP_EPOCH = (2026, 1, 1, 0, 0, 0)


def with_fixed_dates(package: bytes) -> bytes:
    """The same zip archive without the time of writing in it."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _ZIP_EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
