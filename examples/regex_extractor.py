"""A claim extractor in plain Python: figures in a few languages, found with regular expressions.

It shows the whole conversation with Assay: one JSON object a line on standard input, one answer a line on standard output.
Messages for people go to standard error. Try it without Assay:

    echo '{"id": "a1", "article": {"lang": "en", "text": "More than 37,000 people, 12% of them minors."}}' \
        | python3 examples/regex_extractor.py
"""
import json
import re
import sys

# Words that belong to a figure, by language: bounds before it, scale words behind it, and its thousands separator.
LANGUAGES = {
    "en": ({"more than": "more_than", "at least": "at_least", "about": "about", "fewer than": "less_than"},
           {"thousand": 10**3, "million": 10**6, "billion": 10**9}, ","),
    "id": ({"lebih dari": "more_than", "sedikitnya": "at_least", "sekitar": "about", "kurang dari": "less_than"},
           {"ribu": 10**3, "juta": 10**6, "miliar": 10**9}, "."),
    "es": ({"más de": "more_than", "al menos": "at_least", "unos": "about", "menos de": "less_than"},
           {"mil": 10**3, "millones": 10**6}, "."),
    "de": ({"mehr als": "more_than", "mindestens": "at_least", "rund": "about", "weniger als": "less_than"},
           {"tausend": 10**3, "Millionen": 10**6, "Milliarden": 10**9}, "."),
}


def pattern(bounds, scales):
    any_of = lambda words: "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?:\b(?P<bound>{any_of(bounds)})\s+)?(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*)(?:\s(?P<scale>{any_of(scales)})\b)?"
                      rf"(?P<percent>\s?%)?", re.IGNORECASE)


PATTERNS = {lang: pattern(bounds, scales) for lang, (bounds, scales, _) in LANGUAGES.items()}


def canonical(number, thousands, factor):
    """The number as Assay compares it: digits with at most one point. None when its separators make no sense."""
    point = "," if thousands == "." else "."
    whole, _, fraction = number.partition(point)
    groups = whole.split(thousands)
    if not fraction.isdigit() and fraction or len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return None
    digits = "".join(groups) + fraction
    value = int(digits) * factor
    shift = 10 ** len(fraction)
    whole, rest = divmod(value, shift)
    return f"{whole}.{rest:0{len(fraction)}d}".rstrip("0") if rest else str(whole)


def claims(lang, text):
    bounds, scales, thousands = LANGUAGES[lang]
    for match in PATTERNS[lang].finditer(text):
        scale = (match["scale"] or "").lower()
        value = canonical(match["number"], thousands, {word.lower(): n for word, n in scales.items()}.get(scale, 1))
        year = match.group() == match["number"] and re.fullmatch(r"(19|20)\d\d", match["number"])
        if value is None or year:
            continue
        fields = {"value": value}
        if match["bound"]:
            fields["bound"] = bounds[match["bound"].lower()]
        if match["percent"]:
            fields["unit"] = "percent"
        # Confidence: the more words around the figure were understood, the better.
        score = 0.5 + 0.2 * bool(match["bound"]) + 0.1 * bool(scale) + 0.1 * bool(match["percent"])
        yield {"start": match.start(), "end": match.end(), "quote": match.group(), "kind": "quantity", "fields": fields,
               "score": round(score, 2)}


def main():
    print(json.dumps({"type": "ready", "name": "regex-py", "version": "1"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        article = request["article"]
        lang = article.get("lang", "en").split("-")[0]
        # A language that is not known is an honest error, not an article without claims.
        if lang in LANGUAGES:
            answer = {"claims": list(claims(lang, article["text"]))}
        else:
            answer = {"error": {"kind": "refused", "message": f"no patterns for language {lang}"}}
        print(json.dumps({"id": request["id"], **answer}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
