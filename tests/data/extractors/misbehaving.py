"""An extractor with one bad habit, for tests of the host. Usage: misbehaving.py HABIT [FILE FOR PROCESS IDS]

Every habit that depends on an article shows on the article with the id "a3"; the others are answered well.
Whatever happens, the program ends by itself after two minutes.
"""
import json
import os
import queue
import re
import select
import signal
import subprocess
import sys
import threading
import time

HABIT = sys.argv[1]
PIDS = sys.argv[2] if len(sys.argv) > 2 else os.devnull


def remember(pid):
    with open(PIDS, "a") as f:
        f.write(f"{pid}\n")


def emit(data, end=b"\n"):
    if not isinstance(data, bytes):
        data = json.dumps(data, ensure_ascii=False).encode()
    sys.stdout.buffer.write(data + end)
    sys.stdout.buffer.flush()


def complain(text):
    sys.stderr.write(text)
    sys.stderr.flush()


def figures(text):
    return [{"start": m.start(), "end": m.end(), "quote": m.group()} for m in re.finditer(r"\d[\d.]*\d|\d", text)]


def good(request, **keys):
    return {"id": request["id"], "claims": figures(request["article"]["text"]), **keys}


def requests():
    for line in sys.stdin.buffer:
        yield json.loads(line)


def stay():
    time.sleep(100)


def child(own_session=False):
    pid = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(100)"], start_new_session=own_session).pid
    remember(pid)


def in_batches(handle):
    """Hands over what has arrived as a list, as soon as nothing has arrived for a moment."""
    inbox = queue.Queue()
    threading.Thread(target=lambda: ([inbox.put(r) for r in requests()], inbox.put(None)), daemon=True).start()
    batch, open_ = [], True
    while open_ or batch:
        try:
            request = inbox.get(timeout=0.3)
            if request is None:
                open_ = False
            else:
                batch.append(request)
                continue
        except queue.Empty:
            pass
        handle(batch)
        batch = []


def one_claim(request, **keys):
    return {"id": request["id"], "claims": [keys]}


def on_third(bad):
    """Answers every article well but the third, which `bad` gets."""
    for request in requests():
        if request["id"] == "a3":
            bad(request)
        else:
            emit(good(request))


def die(code, words=""):
    complain(words)
    os._exit(code)


def endless(piece):
    while True:
        emit(piece, b"")


# ---------------------------------------------------------------- habits that are fine

def answers_well():
    on_third(lambda r: emit(good(r)))


def finds_nothing():
    for request in requests():
        emit({"id": request["id"], "claims": []})


def gives_quotes_only():
    for request in requests():
        emit({"id": request["id"], "claims": [{"quote": c["quote"]} for c in figures(request["article"]["text"])]})


def counts_utf16():
    emit({"type": "ready", "name": "u", "version": "7", "offset_unit": "utf16", "numbers": "local"})
    for request in requests():
        text = request["article"]["text"]
        units = lambda n: len(text[:n].encode("utf-16-le")) // 2
        emit({"id": request["id"], "claims": [{**c, "start": units(c["start"]), "end": units(c["end"])} for c in figures(text)]})


def answers_backwards():
    emit({"type": "ready", "max_in_flight": 3})
    in_batches(lambda batch: [emit(good(r)) for r in reversed(batch)])


def dribbles():
    for request in requests():
        for byte in json.dumps(good(request)).encode() + b"\n":
            emit(bytes([byte]), b"")


def writes_like_windows():
    emit(b"\xef\xbb\xbf", b"")
    for request in requests():
        emit(json.dumps(good(request)).encode(), b"\r\n \n\r\n")


def forgets_last_newline():
    for request in requests():
        last = request["id"] == "a5"
        emit(good(request), b"" if last else b"\n")
        if last:
            die(0)


def floods_stderr():
    threading.Thread(target=lambda: [os.write(2, b"warning " * 500 + b"\n") for _ in iter(int, 1)], daemon=True).start()
    answers_well()


def makes_many_claims():
    on_third(lambda r: emit({"id": r["id"], "claims": [{"start": 0, "end": 1 + i % 9} for i in range(50000)]}))


def shows_environment():
    for request in requests():
        emit(one_claim(request, quote=json.dumps(dict(os.environ))))


def reports_errors():
    for request in requests():
        kind = {"a2": {"kind": "refused", "message": "not this one"}, "a3": "no idea", "a4": {"kind": "skipped"},
                "a5": {"kind": "rate_limited", "message": "slow down", "retry_after_s": 12}}.get(request["id"])
        emit({"id": request["id"], "error": kind} if kind else good(request))


# ---------------------------------------------------------------- habits that end the program

def dies_on_third():
    on_third(lambda r: die(3, "loading\nValueError: no such token\n"))


def dies_by_signal():
    on_third(lambda r: os.kill(os.getpid(), signal.SIGSEGV))


def dies_at_once():
    die(127, "cannot find the model file\n")


def leaves_after_two():
    for i, request in enumerate(requests()):
        emit(good(request))
        if i == 1:
            time.sleep(0.5)
            die(0)


def fails_at_the_end():
    answers_well()
    sys.exit(1)


def stays_at_the_end():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers_well()
    stay()


def dies_in_a_line():
    def half(request):
        emit(json.dumps(good(request)).encode()[:25], b"")
        die(0)
    on_third(half)


def dies_among_several():
    emit({"type": "ready", "max_in_flight": 3})
    in_batches(lambda batch: [die(4) if r["id"] == "a3" else None for r in batch] and [emit(good(r)) for r in batch])


def speaks_escapes_and_dies():
    on_third(lambda r: die(5, "\x1b[2J\x1b]0;owned\x07::error::x\u202e\n"))


def leaves_a_holder():
    child(own_session=True)
    answers_well()


def leaves_a_babbler():
    """Ends over an article, and what it leaves behind never lets the output be quiet."""
    def leave(_):
        babble = "import sys\nfor _ in range(10**6): sys.stdout.write('\\n' * 4096)"
        remember(subprocess.Popen([sys.executable, "-c", babble]).pid)
        time.sleep(0.5)
        die(5)
    on_third(leave)


def closes_input_after_one():
    emit(good(json.loads(sys.stdin.buffer.readline())))
    os.close(0)
    stay()


def closes_output():
    def shut(_):
        os.close(1)
        stay()
    on_third(shut)


# ---------------------------------------------------------------- habits that never end

def never_answers():
    for _ in requests():
        pass


def never_reads():
    stay()


def sticks_on_third():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    on_third(lambda r: stay())


def sticks_among_several():
    emit({"type": "ready", "max_in_flight": 3})
    on_third(lambda r: stay())


def sticks_with_family():
    for _ in range(3):
        child()
    on_third(lambda r: stay())


def writes_without_end():
    on_third(lambda r: endless(b"x" * 100000))


def invents_without_end():
    on_third(lambda r: endless(json.dumps({"id": "made-up", "claims": []}).encode() + b"\n"))


# ---------------------------------------------------------------- habits of wrong output

def logs_to_stdout():
    on_third(lambda r: (emit(b"INFO batch 1 of 1"), emit(good(r))))


def greets():
    emit(b"Loading weights ... done")
    answers_well()


def prints_pretty():
    for request in requests():
        emit(json.dumps(good(request), indent=2).encode())


def prints_an_array():
    for request in requests():
        emit([good(request)])


def writes_noise():
    for _ in requests():
        emit(bytes(range(128, 256)) * 8)


def answers_twice():
    for request in requests():
        emit(good(request))
        emit({"id": request["id"], "claims": []})


def answers_another():
    on_third(lambda r: emit({**good(r), "id": "zz"}))


def numbers_its_ids():
    on_third(lambda r: emit({**good(r), "id": 3}))


def raw(make):
    return lambda: on_third(lambda r: emit(make(r)))


HABITS = {name: f for name, f in globals().items() if callable(f) and f.__module__ == "__main__"}
HABITS.update({
    "breaks_utf8": raw(lambda r: b'{"id":"a3","claims":[{"quote":"\xff\xfe"}]}'),
    "breaks_json": raw(lambda r: b'{"id":"a3","claims":[oops'),
    "nests_deep": raw(lambda r: b'{"id":"a3","claims":' + b"[" * 200000 + b"]" * 200000 + b"}"),
    "forgets_claims": raw(lambda r: {"id": "a3"}),
    "nulls_claims": raw(lambda r: {"id": "a3", "claims": None}),
    "scores_nan": raw(lambda r: b'{"id":"a3","claims":[{"start":0,"end":1,"score":NaN}]}'),
    "scores_high": raw(lambda r: one_claim(r, start=0, end=1, score=1.7)),
    "reverses_offsets": raw(lambda r: one_claim(r, start=9, end=4)),
    "points_behind_text": raw(lambda r: one_claim(r, start=0, end=9999)),
    "cuts_a_surrogate": raw(lambda r: b'{"id":"a3","claims":[{"quote":"\\ud83d"}]}'),
    "doubles_a_key": raw(lambda r: b'{"id":"a3","claims":[],"claims":[]}'),
    "counts_bytes": raw(lambda r: one_claim(r, start=12, end=14, quote="12")),
    "invents_quotes": raw(lambda r: one_claim(r, quote="nobody said this, ever")),
    "announces_nonsense": lambda: (emit({"type": "ready", "offset_unit": "chars"}), answers_well()),
})

if __name__ == "__main__":
    remember(os.getpid())
    watchdog = threading.Timer(120, lambda: os._exit(99))
    watchdog.daemon = True
    watchdog.start()
    try:
        HABITS[HABIT]()
    except BrokenPipeError:
        os._exit(32)
