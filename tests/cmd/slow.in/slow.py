"""An extractor that answers once, then writes its process id to a file, and takes a year for the next article."""
import json
import os
import sys
import time

for line in sys.stdin:
    id = json.loads(line)["id"]
    if id != "a1":
        with open("pid", "w") as file:
            file.write(str(os.getpid()))
        os.rename("pid", "begun")
        time.sleep(365 * 86400)
    print(json.dumps({"id": id, "claims": []}), flush=True)
