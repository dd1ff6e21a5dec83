"""Children that die with their parent, also when it is killed."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PARENT = "DRAGOMAN_PARENT"


def expect_children() -> None:
    """Tell the children that will be started, through the environment, who their parent is."""
    os.environ[_PARENT] = str(os.getpid())


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it ends (prctl(2)).

    A parent that died while this process was still starting cannot be asked about any
    more: that is why it left its id (see :func:`expect_children`). The signal is tied to
    the parent's *thread*: use it only in processes that were started from a thread which
    lives as long as the parent does.
    """
    expected = os.environ.get(_PARENT)
    if expected is None or int(expected) == os.getpid():
        return  # nobody's child: a worker alone, or the parent itself
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != int(expected):
        os.kill(os.getpid(), number)
