"""Answers each number of an article as a claim, and notes the ids of the articles that it was asked for.

    counted.py [FAIL]     articles whose id contains FAIL get an error record

DELAY (seconds an article), ASKED (where ids are noted) and TELL (a variable whose value it tells) come from the environment: a file that a program writes must not be a word of
its command, whose bytes are part of what identifies it.
"""
import json
import os
import re
import sys
import time

log = open(os.environ["ASKED"], "a", buffering=1)
fails = sys.argv[1] if len(sys.argv) > 1 else None
delay = float(os.environ.get("DELAY", "0"))
print(json.dumps({"type": "ready", "name": "counted", "version": "7", "numbers": "local"}), flush=True)
for line in sys.stdin:
    article = json.loads(line)["article"]
    log.write(article["id"] + "\n")
    time.sleep(delay)
    told = os.environ.get(os.environ.get("TELL", ""), "")
    if fails and fails in article["id"]:
        print("refused", told, file=sys.stderr)
        answer = {"error": {"kind": "refused", "message": "not today" + told}}
    else:
        found = re.finditer(r"\d+", article["text"])
        answer = {"claims": [{"start": m.start(), "end": m.end(), "quote": m[0], "kind": "quantity", "fields": {"value": m[0]}} for m in found]}
        if told:
            answer["claims"].append({"quote": told, "fields": {"unit": told}})
    print(json.dumps({"id": article["id"], **answer}), flush=True)
