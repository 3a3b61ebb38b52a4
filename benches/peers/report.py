"""The table and the file of measurements."""
import os
import platform
import statistics
import subprocess
from datetime import date

HEAD = ["tool", "computes", "CPU s", "wall s", "peak MB", "private MB", "CPU : assay", "its numbers beside assay's"]
NUMBERS = range(2, 7)


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in ("cpu_s", "wall_s", "peak_mb", "private_mb")}


def ratio(cpu, base_cpu):
    times = cpu / base_cpu
    return f"{times:.2f}" if times < 10 else f"{times:.0f}"


def cells(outcome, base_cpu):
    """A row of the table. `outcome` has a title, what is computed, and either medians with words on agreement, or why not."""
    took = outcome.get("median")
    if took is None:
        return [outcome["title"], outcome["computes"], *["–"] * len(NUMBERS), f"not run: {outcome['why']}"]
    return [
        outcome["title"],
        outcome["computes"],
        f"{took['cpu_s']:.2f}",
        f"{took['wall_s']:.2f}",
        f"{took['peak_mb']:.0f}",
        f"{took['private_mb']:.0f}",
        ratio(took["cpu_s"], base_cpu),
        outcome["agreement"],
    ]


def table(outcomes, markdown):
    base_cpu = next(outcome["median"]["cpu_s"] for outcome in outcomes if outcome["name"] == "assay")
    rows = [HEAD, *(cells(outcome, base_cpu) for outcome in outcomes)]
    if markdown:
        rules = ["---:" if at in NUMBERS else "---" for at in range(len(HEAD))]
        return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |" for row in [rows[0], rules, *rows[1:]])
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    lines = []
    for row in rows:
        aligned = (cell.rjust(width) if at in NUMBERS else cell.ljust(width) for at, (cell, width) in enumerate(zip(row, widths)))
        lines.append("  ".join(aligned).rstrip())
    return "\n".join(lines)


def first_after(path, key):
    """The text behind `key` and a colon in a file such as /proc/cpuinfo."""
    with open(path, encoding="utf-8") as file:
        return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")


def machine():
    memory = first_after("/proc/meminfo", "MemTotal")
    return {
        "cpu": first_after("/proc/cpuinfo", "model name"),
        "cores": len(os.sched_getaffinity(0)),
        "ram_gb": round(int(memory.split()[0]) / 2**20) if memory[0].isdigit() else None,
        "system": f"{platform.system()} {platform.release()}",
        "date": date.today().isoformat(),
        "python": platform.python_version(),
    }


def assay_version(assay):
    done = subprocess.run([assay, "--version"], capture_output=True, text=True)
    return done.stdout.strip() or "assay of unknown version"


def caption(results):
    """One line that says what was measured, where and when."""
    at, counts = results["machine"], results["data"]
    packages = "".join(f", {name} {version}" for name, version in results["packages"].items())
    return (
        f"{counts['articles']:,} articles, {counts['gold']:,} gold and {counts['pred']:,} predicted claims; "
        f"medians of {results['rounds']} interleaved rounds; {at['cpu']}, {at['cores']} cores, {at['ram_gb']} GB, {at['system']}; "
        f"{at['date']}; {results['assay']}, Python {at['python']}{packages}"
    )
