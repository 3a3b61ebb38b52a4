"""Runs a program on a terminal of its own and presses keys.

    press.py STEPS COMMAND…

STEPS is a JSON list of [text, keys]: the keys are pressed once the text was written since the last step. A number in place of keys is a
signal, {"copy": [from, to]} a file that somebody else writes. Prints a JSON object: the exit code (negative for a signal), all that was written, the last part of it, and whether the terminal
has the mode that it had before. Gives up after a minute, and ends the program then.
"""

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import sys
import termios
import time

LIMIT = time.monotonic() + 60


def main() -> None:
    steps, command = json.loads(sys.argv[1]), sys.argv[2:]
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    mode = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for stream in range(3):
            os.dup2(slave, stream)
        os.execvp(command[0], command)
    written, seen, code, problem = "", 0, None, None
    while code is None or readable(master, 0):
        if readable(master, 0.05):
            # The slave is open here as well, so that a read never fails.
            written += os.read(master, 65536).decode("utf-8", "replace")
        while steps and steps[0][0] in written[seen:]:
            seen += written[seen:].index(steps[0][0]) + len(steps[0][0])
            keys = steps.pop(0)[1]
            if isinstance(keys, int):
                os.kill(child, keys)
            elif isinstance(keys, dict):
                shutil.copyfile(*keys["copy"])
            else:
                os.write(master, keys.encode())
        if code is None:
            pid, status = os.waitpid(child, os.WNOHANG)
            code = os.waitstatus_to_exitcode(status) if pid else None
        if time.monotonic() > LIMIT and problem is None:
            problem = f"waited for {steps[0][0]!r}" if steps else "did not end"
            os.kill(child, signal.SIGKILL)
    left = [] if problem else [step[0] for step in steps]
    print(json.dumps({
        "code": code,
        "written": written,
        "last": written[seen:],
        "restored": termios.tcgetattr(slave) == mode,
        "problem": problem or (f"never wrote {left[0]!r}" if left else None),
    }))


def readable(fd: int, seconds: float) -> bool:
    return bool(select.select([fd], [], [], seconds)[0])


main()
