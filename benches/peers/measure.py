"""Time and memory of a whole process, taken from outside (Linux)."""
import os
import resource
import select
import signal
import subprocess
import time

POLL_MS = 2


def memory_kb(status):
    """The greatest RSS until now and the private memory now, from /proc/PID/status; both 0 when the process has ended.

    Private is RssAnon: heap, stacks, and written copies of private file pages. It leaves out what peak RSS counts as well, pages
    of mapped files (the program, its libraries, mapped input), which the kernel can drop at any time and shares between
    processes. Private_Dirty of smaps_rollup would say nearly the same, but walks all pages under a lock that the process needs.
    """
    status.seek(0)
    lines = dict(line.split(b":", 1) for line in status.read().splitlines())
    return [int(lines.get(key, b"0 kB").split()[0]) for key in (b"VmHWM", b"RssAnon")]


def run(command, folder, out, err, limit):
    """Runs a command in a folder, with its output in two files, and returns what it took; after `limit` seconds it is killed.

    CPU seconds are user and system time of all threads. The private peak is the greatest of samples every two milliseconds: what is
    shorter than that or comes after the last sample is missed, and so is what the kernel has not yet added to its counters (some
    hundred KB with many threads).
    """
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
    pidfd = os.pidfd_open(process.pid)
    ended = select.poll()
    ended.register(pidfd, select.POLLIN)
    sampled = private = 0
    over = False
    try:
        # Popen returns after the exec, so no sample is of this process itself.
        with open(f"/proc/{process.pid}/status", "rb", buffering=0) as status:
            while not ended.poll(POLL_MS):
                sampled, private = map(max, (sampled, private), memory_kb(status))
                if not over and time.monotonic() - started > limit:
                    over = True
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        wall = time.monotonic() - started
    except BaseException:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        raise
    finally:
        _, wait_status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(wait_status)
        os.close(pidfd)
    # The kernel hands the greatest RSS of this process on to what its child executes. A peak above it is the child's own and
    # exact; below it, the last sample of the child's own mark has to do.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss if usage.ru_maxrss > own else sampled
    return {
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": wall,
        "peak_mb": peak / 1024,
        "private_mb": private / 1024,
        "exit": process.returncode,
        "over_limit": over,
    }
