"""A disk that can be full: a file system in memory. Needs root."""

import os
import subprocess
from pathlib import Path

_PIECE = 1024 * 1024


class Disk:
    """``megabytes`` in memory, mounted at ``folder`` until closed."""

    def __init__(self, folder: Path, megabytes: int, *, owner: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        whose = f",uid={owner},gid={owner}" if owner else ""
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700{whose}", "tmpfs", str(folder)], check=True
        )

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """To the last byte."""
        with self._ballast.open("ab") as file:
            for size in (_PIECE, 4096):
                try:
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, size)
                except OSError:
                    continue

    def free(self) -> None:
        """Let there be room again."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount; what lies there is lost."""
        subprocess.run(["umount", "-l", str(self.folder)], check=False)


def may_mount() -> bool:
    """Whether this account may have one."""
    return os.geteuid() == 0
