"""An extractor that answers once, says so with a file, and then takes a year for the next article."""
import json
import sys
import time

for line in sys.stdin:
    id = json.loads(line)["id"]
    if id != "a1":
        open("begun", "w").close()
        time.sleep(365 * 86400)
    print(json.dumps({"id": id, "claims": []}), flush=True)
