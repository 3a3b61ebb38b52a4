#!/usr/bin/env python3
"""Scores the data of a folder with one of the tools that people use instead of assay.

    peers.py NAME FOLDER

Each peer is a function as a practised user of the tool would write it, reads the form of the data that suits it best (see
generate.py), and imports what it needs itself, so that the time of the process is that of this peer alone. It prints the
numbers that it comes to as one JSON object: `strict` is F1 of claims with the same span and kind, `iou50` F1 of one-to-one pairs
with an IoU of at least 0.5, `claims` the number of claims read.

The data have no span and kind twice on a side of an article, so that sets and semi-joins are one to one here.
"""
import json
import sys
from pathlib import Path


def f1(pairs, gold, predicted):
    return 2 * pairs / (gold + predicted)


def articles(folder):
    """The claims of gold and of its predictions, an article at a time."""
    with open(folder / "pred.jsonl", "rb") as file:
        predictions = {article["id"]: article["claims"] for article in map(json.loads, file)}
    with open(folder / "gold.jsonl", "rb") as file:
        for article in map(json.loads, file):
            yield article["claims"], predictions.get(article["id"], [])


def plain_python(folder):
    """The standard library alone: strict by sets, IoU by the best pair first."""
    strict = iou50 = gold = predicted = 0
    for gold_claims, predicted_claims in articles(folder):
        ours = sorted((c["start"], c["end"], c["kind"]) for c in gold_claims)
        theirs = sorted((c["start"], c["end"], c["kind"]) for c in predicted_claims)
        gold += len(ours)
        predicted += len(theirs)
        strict += len(set(ours).intersection(theirs))
        eligible = []
        for i, (start, end, _) in enumerate(ours):
            for j, (first, last, _) in enumerate(theirs):
                if first >= end:
                    break
                shared = min(end, last) - max(start, first)
                if shared > 0:
                    iou = shared / (end - start + last - first - shared)
                    if iou >= 0.5:
                        eligible.append((-iou, i, j))
        eligible.sort()
        used_gold, used_predicted = set(), set()
        for _, i, j in eligible:
            if i not in used_gold and j not in used_predicted:
                used_gold.add(i)
                used_predicted.add(j)
        iou50 += len(used_gold)
    return {"strict": f1(strict, gold, predicted), "iou50": f1(iou50, gold, predicted), "claims": gold + predicted}


def scipy(folder):
    """An optimal assignment for each article: the most pairs, then the greatest IoU."""
    import numpy
    from scipy.optimize import linear_sum_assignment

    pairs = gold = predicted = 0
    for ours, theirs in articles(folder):
        gold += len(ours)
        predicted += len(theirs)
        if not ours or not theirs:
            continue
        start, end = numpy.array([(c["start"], c["end"]) for c in ours]).T[:, :, None]
        first, last = numpy.array([(c["start"], c["end"]) for c in theirs]).T[:, None, :]
        shared = numpy.minimum(end, last) - numpy.maximum(start, first)
        iou = shared / (end - start + last - first - shared)
        # Far more for being a pair than any IoU, so that two poor pairs win over one good one.
        weight = numpy.where(iou >= 0.5, 1000 + iou, 0)
        pairs += int(numpy.count_nonzero(weight[linear_sum_assignment(weight, maximize=True)]))
    return {"iou50": f1(pairs, gold, predicted), "claims": gold + predicted}


def numpy(folder):
    """Each claim becomes one integer; strict pairs are the intersection of two arrays."""
    import numpy

    ids, kinds, keys = {}, {}, []
    for side in ("gold", "pred"):
        with open(folder / f"{side}.jsonl", "rb") as file:
            rows = [(ids.setdefault(article["id"], len(ids)), claim["start"], claim["end"], kinds.setdefault(claim["kind"], len(kinds)))
                    for article in map(json.loads, file) for claim in article["claims"]]
        article, start, end, kind = numpy.array(rows, numpy.int64).reshape(-1, 4).T
        keys.append(article << 27 | start << 15 | end << 3 | kind)
    gold, predicted = map(len, keys)
    return {"strict": f1(len(numpy.intersect1d(*keys, assume_unique=True)), gold, predicted), "claims": gold + predicted}


def pandas(folder):
    """Flat frames and a merge. The rows are made by a comprehension: json_normalize takes many times as long."""
    import pandas

    key, frames = ["id", "start", "end", "kind"], []
    for side in ("gold", "pred"):
        with open(folder / f"{side}.jsonl", "rb") as file:
            rows = [(article["id"], claim["start"], claim["end"], claim["kind"])
                    for article in map(json.loads, file) for claim in article["claims"]]
        frames.append(pandas.DataFrame(rows, columns=key))
    gold, predicted = map(len, frames)
    return {"strict": f1(len(frames[0].merge(frames[1], on=key)), gold, predicted), "claims": gold + predicted}


def polars_join(gold, predicted, key):
    import polars

    count = polars.len()
    queries = [gold.join(predicted, on=key, how="semi").select(count), gold.select(count), predicted.select(count)]
    pairs, gold, predicted = (frame.item() for frame in polars.collect_all(queries))
    return {"strict": f1(pairs, gold, predicted), "claims": gold + predicted}


def polars_ndjson(folder):
    """A join over the JSON lines; the schema leaves out what is not needed."""
    import polars

    claim = polars.Struct({"start": polars.UInt32, "end": polars.UInt32, "kind": polars.String})
    schema = {"id": polars.String, "claims": polars.List(claim)}
    lines = (polars.scan_ndjson(folder / f"{side}.jsonl", schema=schema) for side in ("gold", "pred"))
    claims = [side.explode("claims").unnest("claims").drop_nulls("start") for side in lines]
    return polars_join(*claims, ["id", "start", "end", "kind"])


def polars_parquet(folder):
    """A join over columns that are flat already; where one side has a claim twice, it counts too many."""
    import polars

    sides = [polars.scan_parquet(folder / f"{side}.parquet") for side in ("gold", "pred")]
    return polars_join(*sides, ["article_id", "start", "end", "kind"])


def polars_unique(folder):
    """As polars_parquet, but right where a side has the same claim twice."""
    import polars

    key, count = ["article_id", "start", "end", "kind"], polars.len()
    gold, predicted = (polars.scan_parquet(folder / f"{side}.parquet") for side in ("gold", "pred"))
    queries = [gold.unique(key).join(predicted.unique(key), on=key).select(count), gold.select(count), predicted.select(count)]
    pairs, gold, predicted = (frame.item() for frame in polars.collect_all(queries))
    return {"strict": f1(pairs, gold, predicted), "claims": gold + predicted}


def nervaluate(folder):
    """Strict, exact, partial and type, over all and by kind; it has no way to leave some of it out."""
    from nervaluate.evaluator import Evaluator

    gold, predicted = (json.loads((folder / f"{side}.ner.json").read_bytes()) for side in ("gold", "pred"))
    kinds = sorted({claim["label"] for claims in gold for claim in claims})
    overall = Evaluator(gold, predicted, tags=kinds, loader="dict").evaluate()["overall"]
    return {"strict": overall["strict"].f1, "claims": sum(map(len, gold)) + sum(map(len, predicted))}


def seqeval(folder):
    """F1 of whole entities in BIO tags."""
    from seqeval.metrics import f1_score

    gold, predicted = (json.loads((folder / f"{side}.bio.json").read_bytes()) for side in ("gold", "pred"))
    return {"strict": float(f1_score(gold, predicted))}


def json_only(folder):
    """Reads both files and scores nothing: no scorer in Python that reads JSON lines can be quicker."""
    claims = 0
    for side in ("gold", "pred"):
        with open(folder / f"{side}.jsonl", "rb") as file:
            claims += sum(len(article["claims"]) for article in map(json.loads, file))
    return {"claims": claims}


PEERS = {
    "plain-python": plain_python,
    "scipy": scipy,
    "numpy": numpy,
    "pandas": pandas,
    "polars-ndjson": polars_ndjson,
    "polars-parquet": polars_parquet,
    "polars-unique": polars_unique,
    "nervaluate": nervaluate,
    "seqeval": seqeval,
    "json-only": json_only,
}

if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in PEERS:
        sys.exit(f"usage: peers.py NAME FOLDER; NAME is one of {' '.join(PEERS)}")
    print(json.dumps(PEERS[sys.argv[1]](Path(sys.argv[2]))))
