"""A virtual environment with the peers' packages, as far as they can be had."""
import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
LIMIT_S = 900
LONGEST = 120
LIST_PACKAGES = "import json, importlib.metadata as m; print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))"


def run(*command):
    """None when the command succeeds, else one line that says why it did not."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return reason(done.stderr or done.stdout) if done.returncode else None


def reason(output):
    """The line of an error output that says most: the first with the word error at its start, else the last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = (line for line in lines if line.lower().startswith("error") or ": error" in line)
    return textwrap.shorten(next(errors, lines[-1] if lines else "it printed nothing"), LONGEST, placeholder=" …")


def packages(venv, wanted):
    """Installs what is wanted; returns the Python to use, the versions it has, and why a package is missing.

    Without a wanted package there is nothing to install, and this Python will do.
    """
    if not wanted:
        return sys.executable, {}, {}
    python = venv / "bin" / "python"
    if not python.exists():
        why = run(sys.executable, "-m", "venv", str(venv))
        if why:
            shutil.rmtree(venv, ignore_errors=True)
            return sys.executable, {}, dict.fromkeys(wanted, f"no virtual environment: {why}")
    versions, missing = installed(python), {}
    pins = dict(line.split("==") for line in REQUIREMENTS.read_text(encoding="utf-8").split())
    # One at a time, so that one that cannot be installed does not take the others with it.
    for name in sorted(wanted):
        if versions.get(name) == pins[name]:
            continue
        print(f"installing {name} {pins[name]}", file=sys.stderr)
        why = run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", f"{name}=={pins[name]}")
        if why:
            missing[name] = why
    versions = installed(python)
    return str(python), {name: versions[name] for name in sorted(wanted) if name not in missing}, missing


def installed(python):
    return json.loads(subprocess.run([python, "-c", LIST_PACKAGES], check=True, capture_output=True, text=True).stdout)
