#!/usr/bin/env python3
"""Writes gold and predictions of any size into a folder, in the forms that assay and its peers read.

    generate.py FOLDER --articles N [--parquet] [--bio]

An article has 3000 code points (only places matter, so there is no text) in one of five languages, and gold claims by a
Poisson distribution of mean 8. Predictions are made from them: 20 % are dropped; 25 % of the kept have both edges moved by up
to 8 code points, 10 % another kind; 15 % as many as gold are spurious. Each prediction has a score, high where it is right.

    gold.jsonl    pred.jsonl      what `assay score` reads, an article a line
    gold.ner.json pred.ner.json   lists of {"label", "start", "end"}, for nervaluate
    gold.parquet  pred.parquet    a row a claim (--parquet; needs polars)
    gold.bio.json pred.bio.json   BIO tags of tokens of six code points, for seqeval (--bio)
    counts.json                   how much there is

The same N gives the same bytes, and a smaller N gives their beginning. Two things are kept out, so that every tool has to come to the
same number: no article is without gold (a row-a-claim table cannot name it), and no side of an article has the same span
and kind twice (sets and multisets would differ).
"""
import argparse
import json
import math
from pathlib import Path
from random import Random

SEED = 20260101
LENGTH = 3000
GOLD_MEAN = 8.0
SHORTEST, LONGEST = 20, 160
TOKEN = 6
KINDS = ["quantity", "change", "rank", "event", "position"]
LANGS = ["en", "id", "es", "ar", "zh"]
SIDES = ("gold", "pred")


def below(random, n):
    """A whole number below n; four times as quick as randrange, and its bias does not matter here."""
    return int(random.random() * n)


def poisson(random, mean):
    """Counts how many uniform numbers can be multiplied before the product is below e^-mean (Knuth)."""
    limit, count, product = math.exp(-mean), 0, random.random()
    while product > limit:
        count += 1
        product *= random.random()
    return count


def span(random):
    start = below(random, LENGTH - LONGEST)
    return start, start + SHORTEST + below(random, LONGEST - SHORTEST)


def value(random):
    """Figures of all magnitudes, as text with one decimal: 37000.5."""
    return str(round(10 ** (6 * random.random()), 1))


def jitter(random, start, end):
    start = min(max(start + below(random, 17) - 8, 0), LENGTH - 1)
    end = min(max(end + below(random, 17) - 8, start + 1), LENGTH)
    return start, end


def article(random):
    """Gold as (start, end, kind, value, None) and predictions as (start, end, kind, value, score), in order of place."""
    gold, predicted = {}, {}
    for _ in range(max(1, poisson(random, GOLD_MEAN))):
        gold[(*span(random), KINDS[below(random, len(KINDS))])] = value(random)
    for (start, end, kind), figure in gold.items():
        if random.random() < 0.20:
            continue
        score = max(random.random(), random.random())
        if random.random() < 0.25:
            start, end = jitter(random, start, end)
            score *= 0.9
        if random.random() < 0.10:
            kind = KINDS[(KINDS.index(kind) + 1 + below(random, len(KINDS) - 1)) % len(KINDS)]
            score *= 0.8
        predicted[start, end, kind] = (figure, round(score, 4))
    for _ in range(poisson(random, GOLD_MEAN * 0.15)):
        key = (*span(random), KINDS[below(random, len(KINDS))])
        predicted[key] = (value(random), round(min(random.random(), random.random()), 4))
    return (
        [(*key, figure, None) for key, figure in sorted(gold.items())],
        [(*key, figure, score) for key, (figure, score) in sorted(predicted.items())],
    )


def jsonl_line(name, lang, claims):
    """Compact JSON by hand: json.dumps takes twice as long for the same bytes."""
    written = ",".join(
        f'{{"start":{start},"end":{end},"kind":"{kind}","fields":{{"value":"{figure}"}}'
        + ("}" if score is None else f',"score":{score}}}')
        for start, end, kind, figure, score in claims
    )
    return f'{{"id":"{name}","lang":"{lang}","claims":[{written}]}}\n'


def ner(claims):
    return "[" + ",".join(f'{{"label":"{kind}","start":{start},"end":{end}}}' for start, end, kind, _, _ in claims) + "]"


def bio(claims):
    """BIO tags cannot hold overlapping claims: one that finds a token taken is left out."""
    tags = ["O"] * (LENGTH // TOKEN)
    for start, end, kind, _, _ in claims:
        first, last = start // TOKEN, -(-end // TOKEN)
        if all(tag == "O" for tag in tags[first:last]):
            tags[first:last] = ["B-" + kind] + ["I-" + kind] * (last - first - 1)
    return json.dumps(tags, separators=(",", ":"))


class ListFile:
    """A JSON list written an item a line, so that it is never in memory as a whole."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.before = "[\n"

    def add(self, item):
        self.file.write(self.before + item)
        self.before = ",\n"

    def close(self):
        self.file.write("\n]\n" if self.before == ",\n" else "[]\n")
        self.file.close()


class FlatFile:
    """A Parquet file with a row a claim, whose columns have the names that assay reads; gold has no score."""

    def __init__(self, path, unused):
        self.path = path
        self.unused = unused
        self.rows = []

    def add(self, name, lang, claims):
        self.rows.extend((name, lang, *claim) for claim in claims)

    def close(self):
        import polars  # only here, so that the other files need no package

        columns = {"article_id": polars.String, "lang": polars.String, "start": polars.UInt32, "end": polars.UInt32,
                   "kind": polars.String, "value": polars.String, "score": polars.Float64}
        polars.DataFrame(self.rows, schema=columns, orient="row").drop(self.unused).write_parquet(self.path)


def write(folder, articles, with_parquet, with_bio):
    random = Random(SEED)
    lines = [open(folder / f"{side}.jsonl", "w", encoding="utf-8") for side in SIDES]
    lists = [ListFile(folder / f"{side}.ner.json") for side in SIDES]
    tags = [ListFile(folder / f"{side}.bio.json") for side in SIDES] if with_bio else []
    tables = [FlatFile(folder / f"{side}.parquet", ["score"] if side == "gold" else []) for side in SIDES] if with_parquet else []
    counts = {"articles": articles, "gold": 0, "pred": 0}
    for number in range(articles):
        name, lang = f"a{number:07}", LANGS[below(random, len(LANGS))]
        for at, (side, claims) in enumerate(zip(SIDES, article(random))):
            counts[side] += len(claims)
            lines[at].write(jsonl_line(name, lang, claims))
            lists[at].add(ner(claims))
            if tags:
                tags[at].add(bio(claims))
            if tables:
                tables[at].add(name, lang, claims)
    for file in (*lines, *lists, *tags, *tables):
        file.close()
    (folder / "counts.json").write_text(json.dumps(counts) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--parquet", action="store_true", help="also write Parquet (needs polars)")
    parser.add_argument("--bio", action="store_true", help="also write BIO tags")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    write(args.folder, args.articles, args.parquet, args.bio)


if __name__ == "__main__":
    main()
