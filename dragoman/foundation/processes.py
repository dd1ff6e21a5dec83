"""Children that die with their parent, also when it is killed."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when the thread that started it ends (prctl(2)).

    The signal is tied to the parent's *thread*: call it only in processes that
    were started from a thread which lives as long as the parent does.
    """
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != parent:  # it died before the call: nobody will signal us
        os.kill(os.getpid(), number)
