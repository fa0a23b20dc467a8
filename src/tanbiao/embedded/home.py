"""Where the server lives and as whom it runs.

PostgreSQL refuses to run as root. Started by root, it runs as the owner of its home folder, and a new home is given
to `nobody`. That account must be able to walk to its home and to the programs: where it cannot (a checkout below
/root, or in a folder closed to others), the home moves to /var/lib/tanbiao, and a small file that says so stays
behind; the programs are copied there.

What root does inside a home follows no symbolic link, since the home belongs to an account trusted less than root.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanbiao.embedded.errors import DatabaseError
from tanbiao.words import Text

ELSEWHERE = Path("/var/lib/tanbiao")


@dataclass(frozen=True, slots=True)
class Account:
    """The system account the server runs as."""

    uid: int
    gid: int

    def switch(self) -> dict[str, Any]:
        """What subprocess.run needs to run a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if os.geteuid() == 0 else {}

    def reaches(self, path: Path) -> bool:
        """Can this account enter the folder, or run the program? Asked by trying."""
        return not subprocess.run(["/usr/bin/env", "test", "-x", path], cwd="/", **self.switch()).returncode  # noqa: S603

    def own(self, path: Path | int) -> None:
        """Give this account a folder, or an open file."""
        if os.geteuid() == 0:
            if isinstance(path, int):
                os.fchown(path, self.uid, self.gid)
            else:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Home:
    """The folder that holds everything of one server, closed to all but its account."""

    folder: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.folder / "data"


def home_at(wanted: Path) -> Home:
    """The home wanted, made if need be; or the one its pointer file names; or a new one elsewhere, with such a file.

    Raises DatabaseError when there can be no such folder, or its owner cannot reach it.
    """
    wanted = wanted.absolute()
    folder = Path(wanted.read_text().splitlines()[0]) if wanted.is_file() else wanted
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        account = _account_of(folder)
        if not account.reaches(folder.parent):
            folder = _move_out(wanted)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        account.own(folder)
        return Home(folder, account)
    except OSError as error:
        hint = Text("请检查这个路径，或用 TANBIAO_VAR 另选。", "Check this path, or choose another with TANBIAO_VAR.")
        if isinstance(error, PermissionError):
            hint = Text(
                "它可能由另一账户（如 root）建立：请用同一账户运行。",
                "Another account (root, say) may have made it: run as that account.",
            )
        raise DatabaseError(
            Text(
                f"不能使用数据库文件夹 {folder}（{error.strerror}）。{hint.zh}",
                f"The database folder {folder} cannot be used ({error.strerror}). {hint.en}",
            )
        ) from error


def elsewhere(name: str) -> Path:
    """A path that every account can walk to, of a folder yet to be made; only root can make it."""
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    ELSEWHERE.chmod(0o711)
    return ELSEWHERE / name


def _account_of(folder: Path) -> Account:
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _move_out(wanted: Path) -> Path:
    """A home that every account can walk to; leaves the pointer file in place of the one wanted."""
    if wanted.is_dir() and any(wanted.iterdir()):
        raise DatabaseError(
            Text(
                f"{wanted} 中已有数据，但数据库账户进不了其上级文件夹。"
                "请对各级上级文件夹执行 chmod a+x，或以其属主运行。",
                f"{wanted} holds data, but the database's account cannot enter the folders above it. "
                "Give each of them chmod a+x, or run as the owner of the data.",
            )
        )
    folder = elsewhere(hashlib.sha256(os.fsencode(wanted)).hexdigest()[:12])
    if wanted.is_dir():
        wanted.rmdir()
    unfinished = wanted.with_name(wanted.name + ".new")
    unfinished.write_text(
        f"{folder}\n\n"
        "数据库在上述文件夹中：以 root 运行时，数据库账户 nobody 进不了本文件所在的文件夹。\n"
        "The database lives in the folder above: started by root, it runs as nobody, who cannot enter this folder.\n",
        encoding="utf-8",
    )
    unfinished.replace(wanted)
    return folder
