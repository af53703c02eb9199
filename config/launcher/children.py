"""Child processes that never outlive the launcher, and PostgreSQL for those who work as root.

PostgreSQL refuses to run as root. There it gets a user namespace of its own in which root is called 65534: files
stay root's and nothing is chowned. Where the machine forbids namespaces it runs as the user 65534 itself.
"""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from config.launcher.places import LauncherError

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
NOBODY = 65534
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    last_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    unprivileged: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts a child in its own process group that gets `last_signal` when this process dies.

    Call it from the main thread: the kernel ties the signal to the thread that started the child.
    """
    with log.open("ab") as out:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=directory,
            env=dict(environment) if environment is not None else None,
            preexec_fn=_before_exec(os.getpid(), last_signal, unprivileged),
        )


def run_unprivileged(command: Sequence[str | Path], *, log: Path) -> None:
    """Runs a program to its end as the user that PostgreSQL accepts; raises LauncherError with its last words."""
    child = spawn(command, log=log, unprivileged=True)
    if child.wait() != 0:
        tail = log.read_text(errors="replace")[-600:]
        raise LauncherError(f"{Path(command[0]).name} failed with status {child.returncode}:\n{tail}")


def stop(child: subprocess.Popen[bytes], how: signal.Signals, patience: float) -> None:
    """Asks a child to stop and kills its whole group when it has not after `patience` seconds."""
    if child.poll() is None:
        child.send_signal(how)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def end_group(group: int) -> None:
    """Kills what is left of a child's process group, such as the workers of a server that was killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def end_leftovers(pid_file: Path, mark: str, how: signal.Signals, patience: float = 15) -> None:
    """Asks what a dead launcher left behind to stop, waits, and at last kills it and the rest of its group.

    A process is ours when `mark` is in its command line or in its environment: its number may long have been given
    to somebody else.
    """
    pid = int(pid_file.read_text().strip() or 0) if pid_file.exists() else 0
    left = [one for one in _group(pid) if is_ours(one, mark)]
    for one in left:
        _send(one, how)
    until = time.monotonic() + patience
    while any(is_ours(one, mark) for one in left):
        if time.monotonic() > until:
            for one in left:
                _send(one, signal.SIGKILL)
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def is_ours(pid: int, mark: str) -> bool:
    """Whether a living process carries the mark in its command line or its environment."""
    try:
        told = (Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
        return any(os.fsencode(mark) in words for words in told)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False


def _group(leader: int) -> list[int]:
    """The members of a process group, its leader included; they may outlive it."""
    members = []
    for entry in Path("/proc").iterdir() if leader > 1 else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if os.getpgid(int(entry.name)) == leader:
                    members.append(int(entry.name))
    return members


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _before_exec(launcher: int, last_signal: signal.Signals, unprivileged: bool) -> Callable[[], None]:
    as_root = unprivileged and os.getuid() == 0
    renamed = as_root and namespaces_work()

    def prepare() -> None:
        os.setpgid(0, 0)
        if renamed:
            _rename_root()
        elif as_root:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        _libc.prctl(PR_SET_PDEATHSIG, int(last_signal))
        if os.getppid() != launcher:
            os._exit(1)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    return prepare


def _rename_root() -> None:
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWUSER)")
    for name, words in (("uid_map", f"{NOBODY} 0 1"), ("setgroups", "deny"), ("gid_map", f"{NOBODY} 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(words)


@functools.cache
def namespaces_work() -> bool:
    """Whether this machine lets root make a user namespace (many containers do not)."""
    try:
        return subprocess.run(["/bin/true"], preexec_fn=_rename_root, check=False).returncode == 0
    except (subprocess.SubprocessError, OSError):
        return False


def needs_chown() -> bool:
    """Root without namespaces: the data must belong to the user 65534."""
    return os.getuid() == 0 and not namespaces_work()


def give_to_nobody(*directories: Path) -> None:
    """Chowns directories to the user 65534 and refuses when that user cannot reach them."""
    for directory in directories:
        for path in (directory, *directory.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        for parent in directory.parents:
            if not parent.stat().st_mode & 0o001:
                raise LauncherError(
                    f"PostgreSQL cannot run as root, this machine refuses user namespaces, and the user {NOBODY} "
                    f"cannot traverse {parent}. Work as an ordinary user, or set PORTAL_VAR to a directory that "
                    "others can traverse, such as /var/lib/portal."
                )
