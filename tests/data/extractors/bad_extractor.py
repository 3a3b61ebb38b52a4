"""A claim extractor with one bad mode, for tests of the host: bad_extractor.py MODE [--n N] [--secs S] [--seed K] [--pidfile FILE]

What the host must do in each mode is the table of tests/it/bad_extractor.rs. Modes that answer later than they
read say that they take many articles at a time. Every mode ends by itself after at most --max-life seconds.
"""
import argparse, json, os, random, re, signal, subprocess, sys, tempfile, threading, time

ID_KEY, CLAIMS_KEY = "id", "claims"
READ_ALL_FIRST = ("json_array", "one_big_write", "out_of_order", "sleep_then_ok", "wrong_id", "exit0_no_answer")
HOLD_ONE_BACK = ("partial_line", "no_final_newline")
OUT = sys.stdout.buffer

NUM = re.compile(r"\d[\d.,]*\d|\d")


def text_of(rec):
    return (rec.get("article") or rec).get("text") or ""


def claims_of(text):
    """A deterministic toy extractor: numbers as spans, offsets in code points, end exclusive."""
    return [{"start": m.start(), "end": m.end(), "quote": m.group(0), "score": round(0.5 + 0.5 / (1 + i), 4)}
            for i, m in enumerate(NUM.finditer(text))]


def answer(rec, claims=None):
    return {ID_KEY: rec.get(ID_KEY), CLAIMS_KEY: claims_of(text_of(rec)) if claims is None else claims}


def put(obj, end=b"\n"):
    data = obj if isinstance(obj, bytes) else json.dumps(obj, ensure_ascii=False).encode("utf-8", "surrogatepass")
    OUT.write(data + end)
    OUT.flush()


def records():
    for raw in sys.stdin.buffer:
        raw = raw.strip()
        if raw:
            yield json.loads(raw)


def sleeper(secs, session=False):
    """A child which inherits stdout/stderr and only sleeps."""
    return subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({secs})"],
                            stdin=subprocess.DEVNULL, start_new_session=session)


def u16(s):
    return len(s.encode("utf-16-le")) // 2


def run(a):
    n, mode, rnd = a.n, a.mode, random.Random(a.seed)
    if mode in READ_ALL_FIRST + HOLD_ONE_BACK:
        put({"type": "ready", "max_in_flight": 100})
    if mode == "crash_at_start":
        sys.stderr.write("bad_extractor: cannot find model file\n"); sys.exit(127)
    if mode == "hang_at_start":
        time.sleep(a.max_life); return
    if mode == "never_reads":
        time.sleep(a.max_life); return
    if mode == "reads_tty":
        try:
            with open("/dev/tty", "r+b", buffering=0) as tty:
                tty.write(b"Continue? [y/N] "); tty.read(1)
        except OSError as e:
            sys.stderr.write(f"no tty: {e}\n")
    if mode == "hang_ignore_term":
        for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(s, signal.SIG_IGN)
    if mode == "banner":
        put(b"Loading model weights... done")
    if mode == "bom_crlf":
        OUT.write(b"\xef\xbb\xbf")
    if mode == "huge_output":
        i = 0
        while True:
            put({ID_KEY: f"made-up-{i}", CLAIMS_KEY: [{"start": 0, "end": 1, "quote": "x" * 1000}]}); i += 1
    if mode == "stderr_flood":
        def flood():
            line = b"warning: " + b"x" * 4000 + b"\n"
            while True:
                os.write(2, line)
        threading.Thread(target=flood, daemon=True).start()
    if mode == "flaky":
        path = a.pidfile or os.path.join(tempfile.gettempdir(), "bad_extractor.count")
        k = int(open(path).read() or 0) + 1 if os.path.exists(path) else 1
        open(path, "w").write(str(k))
        if k % 3 == 0:
            sys.stderr.write("transient failure\n"); sys.exit(75)
    if mode == "exit0_no_answer":
        for _ in records():
            pass
        return
    if mode in READ_ALL_FIRST:
        recs = list(records())
        outs = [answer(r) for r in recs]
        if mode == "json_array":
            put(outs)
        elif mode == "one_big_write":
            OUT.write(b"".join(json.dumps(o, ensure_ascii=False).encode() + b"\n" for o in outs)); OUT.flush()
        elif mode == "wrong_id":
            for r, o in zip(recs[1:] + recs[:1], outs):
                put({ID_KEY: r[ID_KEY], CLAIMS_KEY: o[CLAIMS_KEY]})
        else:
            for o in (reversed(outs) if mode == "out_of_order" else outs):
                put(o)
        return
    seen, last = 0, None
    for rec in records():
        text = text_of(rec)
        good = answer(rec)
        if last is not None and mode in HOLD_ONE_BACK:
            put(last)
        last = good
        if mode in HOLD_ONE_BACK:
            pass
        elif mode in ("ok", "bom_crlf", "banner", "grandchild", "grandchild_setsid", "stderr_flood", "reads_tty",
                      "exit1_complete", "flaky"):
            put(good, b"\r\n" if mode == "bom_crlf" else b"\n")
        elif mode == "ok_slow":
            time.sleep(a.secs); put(good)
        elif mode == "empty_claims":
            put(answer(rec, []))
        elif mode == "crash" and seen == n:
            sys.stderr.write("Traceback (most recent call last):\n  ValueError: injected crash\n"); sys.stderr.flush(); os._exit(3)
        elif mode == "crash_signal" and seen == n:
            os.kill(os.getpid(), signal.SIGSEGV)
        elif mode == "exit0_early" and seen == n:
            return
        elif mode in ("hang", "hang_ignore_term", "fork_tree") and seen == n:
            if mode == "fork_tree":
                kids = [sleeper(a.max_life) for _ in range(5)]
                pids = [k.pid for k in kids]
            else:
                pids = [os.getpid()]
            if a.pidfile:
                with open(a.pidfile + ".new", "w") as f:
                    f.write("".join(f"{pid}\n" for pid in pids))
                os.rename(a.pidfile + ".new", a.pidfile)
            end = time.time() + a.max_life
            while time.time() < end:
                time.sleep(0.2)
            return
        elif mode == "dribble":
            for b in json.dumps(good, ensure_ascii=False).encode() + b"\n":
                OUT.write(bytes([b])); OUT.flush()
        elif mode == "closes_stdin":
            put(good); os.close(0); time.sleep(a.secs); return
        elif mode == "garbage" and seen == n:
            put(b'{"id": "a1", "claims": [oops'); put(good)
        elif mode == "binary":
            put(rnd.randbytes(4096))
        elif mode == "invalid_utf8":
            put(b'{"id": ' + json.dumps(rec[ID_KEY]).encode() + b', "claims": [{"start":0,"end":1,"quote":"\xff\xfe\xc0\xaf"}]}')
        elif mode == "blank_lines":
            put(good); OUT.write(b"\n   \n\r\n")
        elif mode == "pretty_json":
            put(json.dumps(good, indent=2).encode())
        elif mode == "deep_json":
            put(b'{"id": ' + json.dumps(rec[ID_KEY]).encode() + b', "claims": ' + b"[" * 200000 + b"]" * 200000 + b"}")
        elif mode == "huge_line":
            OUT.write(b'{"id": ' + json.dumps(rec[ID_KEY]).encode() + b', "claims": [{"start":0,"end":1,"quote":"')
            for _ in range(n if a.n_given else 64):
                OUT.write(b"x" * (1 << 20))
            put(b'"}]}'); return
        elif mode == "many_claims":
            put(answer(rec, [{"start": i % max(1, len(text)), "end": len(text), "quote": ""} for i in range(200000)])); return
        elif mode == "stderr_escape":
            sys.stderr.write("\x1b[2J\x1b]52;c;cm0gLXJmIH4=\x07\x1b]0;owned\x07::error file=src/main.rs::injected\n::add-mask::a\n\rPASS all gates\u202egnihtyna\n")
            sys.stderr.flush(); put(good)
        elif mode == "dup_ids":
            put(good); put(answer(rec, []))
        elif mode == "unknown_ids":
            put(good)
            if seen == 0:
                put({ID_KEY: "never-asked", CLAIMS_KEY: []})
        elif mode == "id_type":
            put({ID_KEY: [seen, None, True, {"x": 1}][seen % 4], CLAIMS_KEY: []})
        elif mode == "missing_claims":
            put({ID_KEY: rec[ID_KEY]})
        elif mode == "null_claims":
            put({ID_KEY: rec[ID_KEY], CLAIMS_KEY: None})
        elif mode == "error_record":
            put({ID_KEY: rec[ID_KEY], "error": "model refused"} if seen % 2 else good)
        elif mode == "nan_scores":
            put(answer(rec, [dict(c, score=[float("nan"), float("inf"), float("-inf")][i % 3])
                             for i, c in enumerate(good[CLAIMS_KEY] or [{"start": 0, "end": 1, "quote": text[:1]}])]))
        elif mode == "score_range":
            put(answer(rec, [{"start": 0, "end": 1, "quote": text[:1], "score": v} for v in (1.7, -0.2, "0.9", None, True)]))
        elif mode == "offsets_range":
            put(answer(rec, [{"start": s, "end": e, "quote": "?"} for s, e in
                             ((len(text), len(text) + 5), (-3, 2), (9, 4), (0, 2**63), (2**63, 2**64 - 1), (0, 2**70), (1.5, 3), (0, 0))]))
        elif mode.startswith("offsets_"):
            out = []
            for c in good[CLAIMS_KEY]:
                s, e = c["start"], c["end"]
                if mode == "offsets_bytes":
                    s, e = len(text[:s].encode()), len(text[:e].encode())
                elif mode == "offsets_utf16":
                    s, e = u16(text[:s]), u16(text[:e])
                elif mode == "offsets_inclusive":
                    e -= 1
                elif mode == "offsets_crlf":
                    s, e = s - text[:s].count("\r\n"), e - text[:e].count("\r\n")
                out.append(dict(c, start=s, end=e))
            put(answer(rec, out))
        elif mode == "split_grapheme":
            put(answer(rec, [{"start": i, "end": min(i + 1, len(text)), "quote": text[i:i + 1]} for i in range(min(len(text), 50))]))
        elif mode == "lone_surrogate":
            put(b'{"id": ' + json.dumps(rec[ID_KEY]).encode() + b', "claims": [{"start":0,"end":1,"quote":"\\ud83d"}]}')
        elif mode == "nul":
            put(answer(rec, [{"start": 0, "end": 1, "quote": "a\x00b\x1b[31m\ufffe"}]))
        elif mode == "writes_cwd":
            open("bad_extractor_was_here.txt", "w").write("x"); put(good)
        elif mode == "env_dump":
            put(answer(rec, [{"start": 0, "end": 1, "quote": json.dumps(dict(os.environ))}]))
        elif mode == "nondeterministic":
            put(answer(rec, [c for c in good[CLAIMS_KEY] if random.random() < 0.5]))
        else:                       # modes that are good until their N-th record, or not yet triggered
            put(good)
        seen += 1
    if mode == "partial_line" and last is not None:
        d = json.dumps(last).encode(); OUT.write(d[: len(d) // 2]); OUT.flush()
    if mode == "no_final_newline" and last is not None:
        put(last, b"")
    if mode in ("grandchild", "grandchild_setsid"):
        k = sleeper(a.secs if a.secs_given else 60, session=mode.endswith("setsid"))
        if a.pidfile:
            open(a.pidfile, "w").write(f"{k.pid}\n")
        OUT.flush(); os._exit(0)
    if mode == "exit1_complete":
        sys.exit(1)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("mode")
    p.add_argument("--n", type=int); p.add_argument("--secs", type=float)
    p.add_argument("--seed", type=int, default=0); p.add_argument("--pidfile"); p.add_argument("--max-life", type=float, default=60)
    a = p.parse_args()
    a.n_given, a.secs_given = a.n is not None, a.secs is not None
    a.n = 2 if a.n is None else a.n
    a.secs = 1.0 if a.secs is None else a.secs
    def bye():
        os._exit(99)
    t = threading.Timer(a.max_life, bye); t.daemon = True; t.start()
    try:
        run(a)
    except BrokenPipeError:
        os._exit(32)


if __name__ == "__main__":
    main()
