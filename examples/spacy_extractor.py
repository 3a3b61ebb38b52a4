"""A claim extractor with spaCy: figures, found with its tokens in any language that it has.

It needs spaCy and no model: `python3 -m pip install spacy`. A trained pipeline finds more; see `pipeline` below. In assay.toml:

    [[extractor]]
    id = "spacy"
    kind = "process"
    command = ["python3", "examples/spacy_extractor.py"]
    inputs = ["examples/spacy_extractor.py"]
    startup_timeout = "60s"

Offsets of spaCy count code points, as Assay does. One article at a time, a line each; messages for people go to standard error.
"""
import functools
import json
import re
import sys

try:
    import spacy
    from spacy.matcher import Matcher
    from spacy.util import filter_spans
except ImportError:
    # Standard error is shown with the run; an exit code other than 0 is a crash, and three of them end it.
    sys.exit("examples/spacy_extractor.py needs spaCy: python3 -m pip install spacy")

BOUNDS = {"more than": "more_than", "at least": "at_least", "no more than": "at_most", "fewer than": "less_than", "below": "less_than",
          "about": "about", "almost": "about", "lebih dari": "more_than", "sekitar": "about", "más de": "more_than", "al menos": "at_least",
          "mehr als": "more_than", "rund": "about", "plus de": "more_than", "mais de": "more_than"}
PERCENT = ["%", "percent", "persen", "prozent"]
# Languages that write 37.000 for thirty-seven thousand.
POINT_GROUPS = {"de", "es", "id", "it", "nl", "pt", "tr"}


@functools.cache
def pipeline(lang):
    """The tokens of a language, and patterns over them. Replace `spacy.blank` by `spacy.load("en_core_web_sm")` for a trained one."""
    nlp = spacy.blank(lang)
    matcher = Matcher(nlp.vocab)
    figure = {"TEXT": {"REGEX": r"^[0-9]+([.,][0-9]+)*$"}}
    for words in ([], *(bound.split() for bound in BOUNDS)):
        before = [{"LOWER": word} for word in words]
        matcher.add("figure", [[*before, figure, {"LOWER": {"IN": PERCENT}}], [*before, figure, {"IS_ALPHA": True, "LENGTH": {">=": 4}}]])
    return nlp, matcher


def canonical(number, lang):
    """The number as Assay compares it: digits with at most one point. None when its separators make no sense."""
    thousands, point = (".", ",") if lang in POINT_GROUPS else (",", ".")
    if not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+(?:{re.escape(point)}\d+)?|\d+(?:{re.escape(point)}\d+)?", number):
        return None
    return number.replace(thousands, "").replace(point, ".")


def claims(lang, text):
    nlp, matcher = pipeline(lang)
    doc = nlp(text)
    for span in filter_spans(matcher(doc, as_spans=True)):
        number = next(token for token in span if token.text[0].isdigit())
        value = canonical(number.text, lang)
        bound = BOUNDS.get(doc[span.start:number.i].text.lower())
        percent = span[-1].lower_ in PERCENT
        is_year = bound is None and not percent and re.fullmatch(r"(19|20)\d\d", number.text)
        if value is None or is_year:
            continue
        fields = {"value": value}
        if bound:
            fields["bound"] = bound
        if percent:
            fields["unit"] = "percent"
        yield {"start": span.start_char, "end": span.end_char, "quote": span.text, "kind": "quantity", "fields": fields,
               "score": round(0.5 + 0.2 * bool(bound) + 0.15 * percent, 2)}


def answer(article):
    lang = article["lang"].split("-")[0]
    try:
        return {"claims": list(claims(lang, article["text"]))}
    except ImportError:
        # A language that spaCy does not have, or one whose tokens need another package: an error, not an article without claims.
        return {"error": {"kind": "refused", "message": f"spaCy has no tokens of language {lang} here"}}


def main():
    print(json.dumps({"type": "ready", "name": "spacy", "version": f"1 (spaCy {spacy.__version__})"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(request["article"])}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
