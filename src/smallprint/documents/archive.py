"""Opens a zip container within limits: from its central directory, and again while reading. Child process only.

Not the standard library's zipfile: it costs 20 ms of import per document and reads a directory of any size.
Format: PKWARE APPNOTE.TXT 6.3.10, §4.3.
"""

from __future__ import annotations

import struct
import zlib

from smallprint.documents.reading import Refused

MAX_ENTRIES = 5_000
MAX_PART_BYTES = 64 * 1024**2
MAX_TOTAL_BYTES = 256 * 1024**2
MAX_RATIO = 100
RATIO_APPLIES_ABOVE_BYTES = 10 * 1024**2

_END_OF_DIRECTORY = struct.Struct("<4sHHHHLLH")
_DIRECTORY_ENTRY = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_LOCAL_HEADER = struct.Struct("<4sHHHHHLLLHH")
_ZIP64 = 0xFFFFFFFF
_LONGEST_COMMENT = 65_535
_STORED, _DEFLATED = 0, 8
_ENCRYPTED_FLAG = 1


class Archive:
    """The parts of a zip container. Raises Refused: corrupt, encrypted, unsafe_archive."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._parts: dict[str, tuple[int, int, int]] = {}
        self._read_directory()

    @property
    def names(self) -> set[str]:
        return set(self._parts)

    def read(self, name: str) -> bytes:
        """One part, decompressed; empty if there is none. Trusts the stream, not the size it claims."""
        if name not in self._parts:
            return b""
        offset, compressed, method = self._parts[name]
        try:
            return self._decompress(offset, compressed, method)
        except (struct.error, zlib.error) as error:
            raise Refused("corrupt") from error

    def _decompress(self, offset: int, compressed: int, method: int) -> bytes:
        header = _LOCAL_HEADER.unpack_from(self._content, offset)
        start = offset + _LOCAL_HEADER.size + header[-2] + header[-1]
        data = self._content[start : start + compressed]
        if method == _STORED:
            return data
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        part = stream.decompress(data, MAX_PART_BYTES)
        if stream.unconsumed_tail:
            raise Refused("unsafe_archive")
        return part

    def _read_directory(self) -> None:
        try:
            self._read_entries(*self._locate_directory())
        except struct.error as error:
            raise Refused("corrupt") from error

    def _locate_directory(self) -> tuple[int, int]:
        end = self._content.rfind(
            b"PK\x05\x06", max(0, len(self._content) - _LONGEST_COMMENT - _END_OF_DIRECTORY.size)
        )
        if end < 0:
            raise Refused("corrupt")
        _, _, _, _, entries, size, offset, _ = _END_OF_DIRECTORY.unpack_from(self._content, end)
        if entries > MAX_ENTRIES:
            raise Refused("unsafe_archive")
        # Counted back from its end: what stands before the archive shifts every offset in it.
        return (offset if offset == _ZIP64 else min(offset, end - size)), entries

    def _read_entries(self, position: int, entries: int) -> None:
        total = 0
        for _ in range(entries):
            entry = _DIRECTORY_ENTRY.unpack_from(self._content, position)
            signature, flags, method, compressed, size = entry[0], entry[3], entry[4], entry[8], entry[9]
            if signature != b"PK\x01\x02":
                raise Refused("corrupt")
            if flags & _ENCRYPTED_FLAG:
                raise Refused("encrypted")
            total += size
            _check_size(compressed, size, total)
            start = position + _DIRECTORY_ENTRY.size
            name = self._content[start : start + entry[10]].decode("utf-8", "replace")
            if method in (_STORED, _DEFLATED):
                self._parts[name] = (entry[16], compressed, method)
            position = start + entry[10] + entry[11] + entry[12]


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip container with the parts as they are, for a parser that takes nothing else."""
    body, directory = bytearray(), bytearray()
    for name, content in parts.items():
        raw, size = name.encode(), len(content)
        common = (0, _STORED, 0, 0, zlib.crc32(content), size, size, len(raw), 0)
        directory += _DIRECTORY_ENTRY.pack(b"PK\x01\x02", 20, 20, *common, 0, 0, 0, 0, len(body)) + raw
        body += _LOCAL_HEADER.pack(b"PK\x03\x04", 20, *common) + raw + content
    end = _END_OF_DIRECTORY.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
    return bytes(body + directory + end)


def _check_size(compressed: int, size: int, total: int) -> None:
    too_dense = size > RATIO_APPLIES_ABOVE_BYTES and size > MAX_RATIO * max(compressed, 1)
    if size > MAX_PART_BYTES or total > MAX_TOTAL_BYTES or too_dense:
        raise Refused("unsafe_archive")
