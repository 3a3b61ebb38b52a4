"""The rows of the table: what is run, what it computes, and which of its numbers must be assay's."""
import json
from dataclasses import dataclass, field
from pathlib import Path

PEERS = Path(__file__).with_name("peers.py")
JSONL = ("gold.jsonl", "pred.jsonl")
PARQUET = ("gold.parquet", "pred.parquet")
# What two sums of the same counts may differ by.
SAME = 1e-9


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    computes: str
    # Options of `assay score`, for rows that are assay; None for peers.
    options: tuple[str, ...] | None = None
    files: tuple[str, ...] = JSONL
    packages: tuple[str, ...] = ()
    # Numbers that need not be assay's: how far they may be away, and why.
    near: dict[str, tuple[float, str]] = field(default_factory=dict)
    most_articles: int | None = None

    def command(self, assay, python):
        """What runs in the folder of the data, so that messages name files and no folders of this machine."""
        if self.options is None:
            return [python, "-B", str(PEERS), self.name, "."]
        return [assay, "score", *self.options, *self.files]

    def numbers(self, output):
        """The numbers of one run, from what it printed."""
        result = json.loads(output)
        if self.options is None:
            return result
        strict, iou50 = result["criteria"]["strict"], result["criteria"]["iou50"]
        return {"strict": strict["f1"], "iou50": iou50["f1"], "claims": 2 * strict["tp"] + strict["fp"] + strict["fn"]}

    def agreement(self, numbers, expected):
        """How the numbers stand beside assay's, in words, and whether one is wrong."""
        words, wrong = [], False
        for name, number in numbers.items():
            apart = number - expected[name]
            allowed, why = self.near.get(name, (SAME, ""))
            if abs(apart) <= SAME:
                words.append(f"{name} =")
            elif abs(apart) <= allowed:
                words.append(f"{name} {apart:+.6f} ({why})")
            else:
                wrong = True
                words.append(f"WRONG {name}: {number} for {expected[name]}")
        return ", ".join(words), wrong


EVERYTHING = "6 criteria, fields, errors, slices, confidence"

ROWS = [
    Row("assay", "assay score --json", EVERYTHING, options=("--json",)),
    Row("assay-j1", "assay score --json -j 1", "the same in one thread", options=("--json", "-j", "1")),
    Row("assay-ci", "assay score --json --ci criteria", "the same with intervals", options=("--json", "--ci", "criteria")),
    Row("assay-parquet", "assay score --json, Parquet", "the same from flat columns", options=("--json",), files=PARQUET,
        packages=("polars",)),
    Row("nervaluate", "nervaluate", "4 schemes, by kind", packages=("nervaluate",),
        near={"strict": (0.05, "depends on the order of predictions")}),
    Row("plain-python", "plain Python", "strict; IoU ≥ .5 greedy",
        near={"iou50": (0.001, "greedy misses pairs")}),
    Row("scipy", "scipy linear_sum_assignment", "IoU ≥ .5 optimal, an article at a time", packages=("numpy", "scipy")),
    Row("numpy", "numpy", "strict", packages=("numpy",)),
    Row("pandas", "pandas merge", "strict", packages=("pandas",)),
    Row("polars-ndjson", "polars join, NDJSON", "strict", packages=("polars",)),
    Row("polars-unique", "polars join of unique rows, Parquet", "strict, from flat columns", files=PARQUET, packages=("polars",)),
    Row("polars-parquet", "polars semi-join, Parquet", "the same where no claim comes twice", files=PARQUET, packages=("polars",)),
    Row("seqeval", "seqeval", "strict, BIO tags", packages=("seqeval",), most_articles=10_000,
        near={"strict": (0.05, "tags hold no overlaps")}),
    Row("json-only", "json.loads alone", "nothing: reads both files"),
]
