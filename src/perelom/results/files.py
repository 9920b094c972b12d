"""Writing files whole or not at all, with one clear error when a disk refuses."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from perelom.results.errors import WriteError

_REASONS = {
    errno.ENOSPC: ("no space is left on the disk", "free some space or choose another --out"),
    errno.EDQUOT: ("the disk quota is used up", "free some space or choose another --out"),
    errno.EROFS: ("the disk is read-only", "choose another --out on a disk that can be written"),
    errno.EACCES: ("permission was refused", "choose another --out that you may write to"),
    errno.EPERM: ("permission was refused", "choose another --out that you may write to"),
    errno.ENOTDIR: ("part of the path is a file", "choose another --out"),
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a refusal of the disk while writing `path` into a `WriteError`."""
    try:
        yield
    except OSError as error:
        reason, remedy = _REASONS.get(
            error.errno or 0, (error.strerror or str(error), "check the disk and the path")
        )
        raise WriteError(
            what=f"cannot write: {reason}",
            where=str(path),
            allowed="a folder that can be written, with enough space",
            remedy=remedy,
        ) from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its final place and move it there: readers see all of it or nothing."""
    beside = path.with_name(f".{path.name}.part")
    with writing(path):
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
