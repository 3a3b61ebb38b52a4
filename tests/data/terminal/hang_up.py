"""Runs a command at a terminal of its own and closes the terminal. Usage: hang_up.py FILE COMMAND...

The terminal is closed when FILE is there. Prints how the command ended: "exit N" or "signal N".
"""
import os
import pty
import select
import signal
import sys
import time

started, command = sys.argv[1], sys.argv[2:]
end = time.time() + 60
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
while not os.path.exists(started) and time.time() < end:
    # What is not read would block the command.
    if select.select([terminal], [], [], 0.02)[0]:
        try:
            os.read(terminal, 4096)
        except OSError:
            break
os.close(terminal)
while time.time() < end:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        code = os.waitstatus_to_exitcode(status)
        print(f"exit {code}" if code >= 0 else f"signal {-code}")
        sys.exit()
    time.sleep(0.02)
os.kill(pid, signal.SIGKILL)
print("still there")
