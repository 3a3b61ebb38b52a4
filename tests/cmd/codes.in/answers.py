"""An extractor that finds the figure of each article, refuses one of them, or dies on each."""
import json
import re
import sys

HABIT = sys.argv[1]

for line in sys.stdin:
    article = json.loads(line)["article"]
    if HABIT == "dies":
        sys.exit("the model file is gone: \x1b[31m模型.bin\x1b[0m")
    answer = {"id": article["id"]}
    if HABIT == "refuses-one" and article["id"] == "a3":
        answer["error"] = {"kind": "refused", "message": "不能回答 \x1b[2J\u202e"}
    else:
        match = re.search(r"(\d+) boats", article["text"])
        answer["claims"] = [{"start": match.start(), "end": match.end(), "quote": match.group(), "kind": "quantity",
                             "fields": {"value": match[1]}}]
    print(json.dumps(answer), flush=True)
