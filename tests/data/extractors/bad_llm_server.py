#!/usr/bin/env python3
"""A misbehaving server of chat completions, to test a client with. This machine only, standard library only.

    bad_llm_server.py [--times K] [--secs S] [--rate R] [--seed N] [--max-life S]
    bad_llm_server.py --list-json

The system chooses both ports; the first line of output is "PORT OTHER_PORT". The mode is the first part of the path:
    http://127.0.0.1:PORT/MODE/v1/chat/completions        e.g. /ok/v1, /429/v1, /chaos/v1
Modes that fail only at first fail the first K requests of each different body, then answer well. Good answers are a pure function
of the request (the numbers in the last message of the user, as claims with offsets in code points), so that a client that retries
correctly ends with the answers of /ok. GET /_stats gives counts a mode, the greatest number of requests in flight, and whether a key
reached the other port, which plays a foreign host. Everything ends after --max-life seconds.
"""
import argparse, collections, functools, gzip, hashlib, json, os, random, re, socket, struct, sys, threading, time, zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODES = {
    "ok":               ("good answer", "accept; the reference"),
    "429":              ("429 + Retry-After: 1 for the first K, then good", "wait at least Retry-After, then the same result as ok"),
    "429-ms":           ("429 + retry-after-ms: 200", "honour or back off; same result as ok"),
    "429-date":         ("429 + Retry-After as HTTP date 2 s ahead", "same result as ok"),
    "429-huge":         ("429 + Retry-After: 86400, always", "cap the wait; article failed; message names it"),
    "429-bad":          ("429 + Retry-After: soon/-5/1e9 by turns, K times", "ignore bad values, back off, no panic"),
    "429-none":         ("429 without Retry-After, K times", "exponential back-off with jitter"),
    "429-forever":      ("429 always", "give up after max retries; run fails, partial results kept"),
    "quota":            ("429 insufficient_quota, always", "do not retry for ever; abort the run early"),
    "500":              ("500 for the first K, then good", "retry; same result as ok"),
    "503-html":         ("503 with an HTML body, K times", "retry; HTML not printed raw"),
    "400":              ("400 context_length_exceeded", "no retry; article failed with the server's message"),
    "401":              ("401 which echoes the received key in the message", "abort the run; the key is redacted in the output"),
    "404":              ("404", "no retry; abort: wrong base_url or model"),
    "slow":             ("S seconds before the headers", "per-request timeout, then retry"),
    "slowloris":        ("headers at once, then one body byte per second for ever", "total deadline, not only an idle timeout"),
    "hang":             ("accepts, reads, never answers", "timeout"),
    "truncated":        ("Content-Length larger than the body, then close", "error + retry; never parse the half"),
    "truncated-chunked":("chunked body without the last chunk", "error + retry"),
    "reset":            ("TCP RST instead of an answer, K times", "retry; same result as ok"),
    "reset-mid":        ("TCP RST in the middle of the body, K times", "retry"),
    "close":            ("closes without a byte, K times", "retry"),
    "keepalive-close":  ("good answer, then closes a connection promised as keep-alive", "reconnect; no article lost"),
    "invalid-json":     ("200 with cut JSON", "retry or fail; not cached"),
    "html":             ("200 text/html login page", "fail; message names the content type"),
    "empty":            ("200 with no body", "fail; not 'no claims'"),
    "204":              ("204", "fail; not 'no claims'"),
    "error-in-200":     ("200 {\"error\": rate limit}", "an error, never cached (promptfoo PR 8070)"),
    "wrong-schema":     ("choices is an object / message missing by turns", "fail, names the path"),
    "no-choices":       ("choices: []", "fail; not 'no claims'"),
    "null-content":     ("content null, reasoning_content set", "failed: no answer (lm-eval #3244)"),
    "length":           ("finish_reason length, content cut", "failed: truncated; the half answer is not scored"),
    "filter":           ("finish_reason content_filter", "failed: filtered; counted apart"),
    "refusal":          ("refusal text instead of JSON", "failed: unparsable; raw text kept for reading"),
    "fenced":           ("JSON inside a ```json fence", "accept, equal to ok (or a documented rule)"),
    "prose":            ("JSON with prose around", "accept or fail, by a documented rule; never half"),
    "two-json":         ("two JSON objects one after the other", "fail or first, by a documented rule"),
    "claims-wrong":     ("claims with text that is not in the article (made up)", "kept as unaligned, counted, never snapped to a wrong span silently"),
    "claims-offsets":   ("right text, wrong offsets", "realign by text or flag; count shown"),
    "nan":              ("NaN literal in the claims JSON", "fail"),
    "invalid-utf8":     ("body with bad UTF-8", "fail or replace, by rule; no panic"),
    "lone-surrogate":   ("\\ud83d escape in content", "fail; no panic"),
    "bom":              ("UTF-8 BOM before the JSON", "accept or fail; no panic"),
    "deep":             ("content nested 100 000 deep", "fail; no stack overflow"),
    "escape":           ("content with ANSI, OSC 52, workflow commands, HTML", "inert in every output"),
    "gzip":             ("good answer, gzip", "accept"),
    "gzip-bomb":        ("1 GiB of spaces in 1 MiB of gzip", "cap on the decompressed size"),
    "gzip-corrupt":     ("gzip with a bad checksum", "fail + retry"),
    "gzip-lie":         ("Content-Encoding: gzip on plain JSON", "fail; no panic"),
    "huge":             ("endless body", "cap on the size"),
    "huge-headers":     ("2 MiB of response headers", "fail; no panic"),
    "bad-header":       ("illegal header line / bad status line", "fail; no panic"),
    "redirect-other":   ("307 to the other host (other port)", "do not follow, or follow WITHOUT the Authorization header"),
    "redirect-loop":    ("307 to itself", "stop after a few"),
    "redirect-scheme":  ("307 to file:///etc/passwd", "refuse"),
    "wrong-article":    ("answer of the previous request", "offset/text check flags it (lm-eval PR 2595: answers bound to wrong samples)"),
    "wrong-model":      ("model field names another model", "recorded in the run; warn"),
    "nondet":           ("another answer each time, same request", "reported when repeats are asked for"),
    "stream":           ("SSE although stream was not asked", "fail, names the content type"),
    "stream-cut":       ("SSE without [DONE]", "fail: truncated"),
    "no-schema":        ("400 that names json_schema", "ask for json_object; same result as ok"),
    "no-format":        ("400 that names response_format", "ask without; same result as ok"),
    "no-max-tokens":    ("400 unsupported_parameter max_tokens", "send max_completion_tokens; same result as ok"),
    "no-temperature":   ("400 unsupported_value temperature", "leave it out; same result as ok"),
    "no-retry":         ("500 with x-should-retry: false", "no retry"),
    "should-retry":     ("418 with x-should-retry: true, K times", "retry; same result as ok"),
    "think":            ("<think>…</think> before the JSON", "same result as ok"),
    "cut-prompt":       ("usage says that little of the prompt was read", "a note"),
    "echo-key":         ("claims that repeat the received key", "no key in the answer"),
    "echo-kind":        ("400 whose type and code are the received key, in upper case and in \\u escapes", "no key in the message"),
    "echo-raw":         ("400 whose message is JSON that holds the received key, escaped twice, and in escapes only", "no key where the body is shown"),
    "echo-cut":         ("a body that is cut in the middle of the received key, always", "no beginning of the key where the body is shown"),
    "dummy":            ("good answer in whose every claim the received key is a field", "a word in place of a key changes nothing"),
    "busy":             ("S seconds for each good answer", "keep as many in flight as allowed"),
    "503-wait":         ("503 + Retry-After: 3600", "no wait of an hour; article failed"),
    "chaos":            ("with probability --rate one of the recoverable faults (seeded by body and attempt), else good", "results equal, byte for byte, to ok"),
}
NUM = re.compile(r"\d[\d.,]*\d|\d")
LOCK = threading.Lock()
STATS = {"at_other_host": 0, "by_mode": collections.Counter(), "attempts": collections.Counter(), "in_flight": 0, "max_in_flight": 0, "key_at_other_host": 0, "min_gap_after_429": None}
LAST = {}
ARGS = None
RECOVERABLE = ["429-none", "500", "reset", "close", "truncated", "invalid-json", "error-in-200", "empty", "reset-mid", "gzip-corrupt"]


def good_claims(text):
    return [{"start": m.start(), "end": m.end(), "quote": m.group(0), "score": 0.9} for m in NUM.finditer(text)]


@functools.lru_cache(1)
def gzip_bomb(mib=1024):
    """1 GiB of spaces in about 1 MiB: one 1 MiB block compressed once, repeated; built in about a second, then kept."""
    block, crc = b" " * (1 << 20), 0
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = c.compress(block) + c.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mib):
        crc = zlib.crc32(block, crc)
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body * mib + b"\x03\0" + struct.pack("<II", crc, (mib << 20) & 0xFFFFFFFF)


def completion(content, finish="stop", model="m", **extra):
    msg = dict({"role": "assistant", "content": content}, **extra)
    return {"id": "chatcmpl-0", "object": "chat.completion", "created": 0, "model": model,
            "choices": [{"index": 0, "message": msg, "finish_reason": finish}], "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}


class H(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "bad-llm/1"
    timeout = 300
    disable_nagle_algorithm = True

    def log_message(self, *a):
        pass

    def raw(self, code, body, ctype="application/json", headers=(), length=None):
        if not isinstance(body, bytes):
            body = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self.send_response(code)
        self.send_header("Content-Type", ctype)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for k, v in headers:
            self.send_header(k, v)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def good(self):
        reply = completion(json.dumps({"claims": good_claims(self.text)}, ensure_ascii=False), model=self.sent.get("model", "m"))
        reply["usage"]["prompt_tokens"] = sum(len(m["content"]) for m in self.sent["messages"]) // 4
        self.raw(200, reply)

    def err(self, code, typ, msg, headers=()):
        self.raw(code, {"error": {"message": msg, "type": typ, "code": typ}}, headers=headers)

    def refuse(self, code, param, msg):
        self.raw(400, {"error": {"message": msg, "type": "invalid_request_error", "param": param, "code": code}})

    def rst(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def do_GET(self):
        if self.path == "/_stats":
            with LOCK:
                self.raw(200, {k: (dict(v) if isinstance(v, collections.Counter) else v) for k, v in STATS.items() if k != "attempts"})
        elif self.path.endswith("/models"):
            self.raw(200, {"object": "list", "data": [{"id": "bad-llm-1", "object": "model"}]})
        else:
            self.err(404, "not_found", "unknown path")

    def do_POST(self):
        n = int(self.headers.get("Content-Length") or 0)
        if n > 64 << 20:
            return self.err(413, "too_large", "request too large")
        body = self.rfile.read(n)
        mode = self.path.strip("/").split("/")[0]
        try:
            req = self.sent = json.loads(body)
            self.text = [m["content"] for m in req.get("messages", []) if m.get("role") == "user"][-1]
            if not isinstance(self.text, str):
                self.text = "".join(p.get("text", "") for p in self.text)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as e:
            return self.err(400, "invalid_request_error", f"bad request: {type(e).__name__}")
        if mode not in MODES:
            return self.err(404, "not_found", "unknown mode " + mode[:40])
        key = mode + ":" + hashlib.sha256(body).hexdigest()
        with LOCK:
            STATS["by_mode"][mode] += 1
            STATS["attempts"][key] += 1
            self.attempt = STATS["attempts"][key]
            STATS["in_flight"] += 1
            STATS["max_in_flight"] = max(STATS["max_in_flight"], STATS["in_flight"])
            now = time.time()
            if key in LAST:
                gap = now - LAST.pop(key)
                g = STATS["min_gap_after_429"]
                STATS["min_gap_after_429"] = round(gap if g is None else min(g, gap), 3)
        try:
            if mode == "chaos":
                rnd = random.Random(f"{ARGS.seed}:{key}:{self.attempt}")
                mode = rnd.choice(RECOVERABLE) if rnd.random() < ARGS.rate else "ok"
                if mode == "ok":
                    return self.good()
                self.attempt = 0            # so that "first K" modes fail now
            self.answer(mode, key)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with LOCK:
                STATS["in_flight"] -= 1

    def answer(self, mode, key):
        early = self.attempt <= ARGS.times
        if mode == "ok":
            return self.good()
        asked = self.sent.get("response_format", {}).get("type", "none")
        if mode == "no-schema" and asked == "json_schema":
            return self.refuse("invalid_request_error", "response_format", "'json_schema' is not implemented")
        if mode == "no-format" and asked != "none":
            return self.refuse("invalid_request_error", None, "response_format: extra inputs are not permitted")
        if mode == "no-max-tokens" and "max_tokens" in self.sent:
            return self.refuse("unsupported_parameter", "max_tokens", "Unsupported parameter: use 'max_completion_tokens' instead")
        if mode == "no-temperature" and "temperature" in self.sent:
            return self.refuse("unsupported_value", "temperature", "Unsupported value: only the default is supported")
        if mode == "busy":
            time.sleep(ARGS.secs)
        if mode in ("no-schema", "no-format"):
            # The form is told in the prompt now.
            self.text = self.text.split("\n\nAnswer with one JSON object")[0]
        if mode in ("no-schema", "no-format", "no-max-tokens", "no-temperature", "busy"):
            return self.good()
        if mode == "no-retry":
            return self.err(500, "server_error", "internal error", [("x-should-retry", "false")])
        if mode == "503-wait":
            return self.err(503, "server_error", "maintenance", [("Retry-After", "3600")])
        if mode == "should-retry":
            return self.err(418, "teapot", "short and stout", [("x-should-retry", "true")]) if early else self.good()
        if mode == "cut-prompt":
            reply = completion(json.dumps({"claims": good_claims(self.text)}))
            reply["usage"]["prompt_tokens"] = 4
            return self.raw(200, reply)
        if mode == "think":
            return self.raw(200, completion("<think>\nMaybe {\"claims\": []}?\n</think>\n" + json.dumps({"claims": good_claims(self.text)})))
        if mode == "echo-key":
            key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            claim = {"quote": key, "kind": key, "fields": {"unit": key, "source": ["by " + key]}, "tracking_id": "".join("\\u%04x" % ord(c) for c in key)}
            content = json.dumps({"claims": [claim]}).replace("\\\\u", "\\u")
            return self.raw(200, completion(content, model=key), headers=[("X-Echo", key)])
        sent_key = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        escaped = "".join("\\u%04x" % ord(c) for c in sent_key)
        if mode == "echo-kind":
            return self.raw(400, ('{"error": {"message": "no", "type": "%s", "code": "%s"}}' % (sent_key.upper(), escaped)).encode())
        if mode == "echo-raw":
            inner = json.dumps({"error": json.dumps({"key": sent_key})})
            return self.raw(400, ('{"error": {"message": %s, "code": "%s"}}' % (json.dumps(inner), escaped)).encode())
        if mode == "echo-cut":
            self.close_connection = True
            body = b"x" * (4096 - len(sent_key) // 2) + sent_key.encode()
            return self.raw(200, body[:4096], length=9000)
        if mode == "dummy":
            claims = [dict(c, fields={"unit": sent_key}) for c in good_claims(self.text)]
            return self.raw(200, completion(json.dumps({"claims": claims})))
        if mode in ("429", "429-ms", "429-date", "429-bad", "429-none"):
            if not early:
                return self.good()
            h = {"429": [("Retry-After", "1")], "429-ms": [("retry-after-ms", "200")], "429-none": [],
                 "429-date": [("Retry-After", self.date_time_string(time.time() + 2))],
                 "429-bad": [("Retry-After", ["soon", "-5", "1e9", "99999999999999999999"][self.attempt % 4])]}[mode]
            LAST[key] = time.time()
            return self.err(429, "rate_limit_exceeded", "slow down", h)
        if mode == "429-huge":
            return self.err(429, "rate_limit_exceeded", "come back tomorrow", [("Retry-After", "86400")])
        if mode == "429-forever":
            return self.err(429, "rate_limit_exceeded", "slow down", [("Retry-After", "0")])
        if mode == "quota":
            return self.err(429, "insufficient_quota", "You exceeded your current quota")
        if mode == "500":
            return self.err(500, "server_error", "internal error") if early else self.good()
        if mode == "503-html":
            return self.raw(503, b"<html><script>alert(1)</script>\x1b[2J503</html>", "text/html") if early else self.good()
        if mode == "400":
            return self.err(400, "context_length_exceeded", "This model's maximum context length is 10 tokens")
        if mode == "401":
            return self.err(401, "invalid_api_key", "Incorrect API key provided: " + (self.headers.get("Authorization") or "none"))
        if mode == "404":
            return self.err(404, "model_not_found", "The model does not exist")
        if mode == "slow":
            time.sleep(ARGS.secs); return self.good()
        if mode == "hang":
            time.sleep(ARGS.max_life); return
        if mode == "slowloris":
            self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", "100000"); self.end_headers()
            end = time.time() + ARGS.max_life
            while time.time() < end:
                self.wfile.write(b" "); self.wfile.flush(); time.sleep(1)
            return
        if mode in ("reset", "close", "reset-mid"):
            if not early:
                return self.good()
            if mode == "reset":
                return self.rst()
            if mode == "reset-mid":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"id\":\"x\""); self.wfile.flush(); time.sleep(0.05)
                return self.rst()
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if mode == "truncated":
            self.close_connection = True
            b = json.dumps(completion("{}")).encode()
            return self.raw(200, b[: len(b) // 2], length=len(b))
        if mode == "truncated-chunked":
            self.close_connection = True
            b = json.dumps(completion("{}")).encode()[:60]
            self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Transfer-Encoding", "chunked"); self.end_headers()
            self.wfile.write(b"%x\r\n" % len(b) + b + b"\r\n"); return
        if mode == "keepalive-close":
            self.good(); self.close_connection = True; return
        if mode == "invalid-json":
            return self.raw(200, json.dumps(completion("{}")).encode()[:-7])
        if mode == "html":
            return self.raw(200, b"<html><title>Sign in</title><form></form></html>", "text/html")
        if mode == "empty":
            return self.raw(200, b"")
        if mode == "204":
            self.send_response(204); self.end_headers(); return
        if mode == "error-in-200":
            return self.err(200, "rate_limit_exceeded", "rate limit exceeded")
        if mode == "wrong-schema":
            return self.raw(200, [{"choices": {"message": "x"}}, {"choices": [{"text": "old api"}]}, [1, 2], {"choices": [{"message": {"content": 5}}]}][self.attempt % 4])
        if mode == "no-choices":
            return self.raw(200, {"object": "chat.completion", "choices": []})
        if mode == "null-content":
            return self.raw(200, completion(None, reasoning_content="Lots of words"))
        if mode == "length":
            return self.raw(200, completion('{"claims": [{"start": 0, "end"', "length"))
        if mode == "filter":
            return self.raw(200, completion("", "content_filter"))
        if mode == "refusal":
            return self.raw(200, completion("I'm sorry, but I can't help with that."))
        js = json.dumps({"claims": good_claims(self.text)}, ensure_ascii=False)
        if mode == "fenced":
            return self.raw(200, completion("```json\n" + js + "\n```"))
        if mode == "prose":
            return self.raw(200, completion("Sure! Here are the claims {as asked}:\n" + js + "\nLet me know if [you] need more."))
        if mode == "two-json":
            return self.raw(200, completion(js + "\n" + '{"claims": []}'))
        if mode == "claims-wrong":
            return self.raw(200, completion(json.dumps({"claims": [{"start": 0, "end": 9, "quote": "99 purple elephants", "score": 0.99}]})))
        if mode == "claims-offsets":
            return self.raw(200, completion(json.dumps({"claims": [dict(c, start=c["start"] + 7, end=c["end"] + 7) for c in good_claims(self.text)]})))
        if mode == "nan":
            return self.raw(200, completion('{"claims": [{"start": 0, "end": 1, "quote": "x", "score": NaN}]}'))
        if mode == "invalid-utf8":
            return self.raw(200, json.dumps(completion("@@")).encode().replace(b"@@", b"\xff\xfe\xc0\xaf"))
        if mode == "lone-surrogate":
            return self.raw(200, json.dumps(completion("@@")).encode().replace(b"@@", b"\\ud83d"))
        if mode == "bom":
            return self.raw(200, b"\xef\xbb\xbf" + json.dumps(completion(js)).encode())
        if mode == "deep":
            return self.raw(200, completion('{"claims": ' + "[" * 100000 + "]" * 100000 + "}"))
        if mode == "escape":
            return self.raw(200, completion("\x1b[2J\x1b]52;c;cm0gLXJmIH4=\x07\n::error::injected\n<script>alert(1)</script>\u202e"))
        if mode == "gzip":
            return self.raw(200, gzip.compress(json.dumps(completion(js)).encode()), headers=[("Content-Encoding", "gzip")])
        if mode == "gzip-bomb":
            data = gzip_bomb()
            return self.raw(200, data, headers=[("Content-Encoding", "gzip")])
        if mode == "gzip-corrupt":
            b = bytearray(gzip.compress(json.dumps(completion(js)).encode())); b[-8] ^= 0xFF
            return self.raw(200, bytes(b), headers=[("Content-Encoding", "gzip")])
        if mode == "gzip-lie":
            return self.raw(200, completion(js), headers=[("Content-Encoding", "gzip")])
        if mode == "huge":
            self.close_connection = True
            self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Connection", "close"); self.end_headers()
            self.wfile.write(b'{"choices": ["'); block = b"x" * (1 << 16); end = time.time() + ARGS.max_life
            while time.time() < end:
                self.wfile.write(block)
            return
        if mode == "huge-headers":
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: " % i + b"y" * 1000 + b"\r\n" for i in range(2000)) + b"Content-Length: 2\r\n\r\n{}"); return
        if mode == "bad-header":
            self.close_connection = True
            self.wfile.write([b"HTTP/9.9 banana\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n{}", b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}", b"\x00\xff\x00garbage\r\n\r\n"][self.attempt % 4]); return
        if mode.startswith("redirect-"):
            to = {"redirect-other": f"http://localhost:{ARGS.other_port}/stolen/v1/chat/completions", "redirect-loop": self.path, "redirect-scheme": "file:///etc/passwd"}[mode]
            return self.raw(307, b"", headers=[("Location", to)])
        if mode == "wrong-article":
            with LOCK:
                prev, LAST["prev-text"] = LAST.get("prev-text", self.text), self.text
            return self.raw(200, completion(json.dumps({"claims": good_claims(prev)})))
        if mode == "wrong-model":
            return self.raw(200, completion(js, model="another-model-2099"))
        if mode == "nondet":
            return self.raw(200, completion(json.dumps({"claims": [c for c in good_claims(self.text) if random.random() < 0.5]})))
        if mode in ("stream", "stream-cut"):
            b = b"data: " + json.dumps({"choices": [{"delta": {"content": js[:20]}}]}).encode() + b"\n\n"
            return self.raw(200, b + (b"data: [DONE]\n\n" if mode == "stream" else b""), "text/event-stream")
        raise AssertionError("mode without code: " + mode)


class Other(BaseHTTPRequestHandler):
    """Plays a foreign host: it only records whether a key arrived."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *a):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with LOCK:
            STATS["at_other_host"] += 1
        if any(k.lower() in ("authorization", "x-api-key", "api-key", "cookie") for k in self.headers):
            with LOCK:
                STATS["key_at_other_host"] += 1
        b = json.dumps(completion('{"claims": []}')).encode()
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(b))); self.end_headers(); self.wfile.write(b)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        if os.environ.get("BAD_LLM_DEBUG"):
            super().handle_error(request, client_address)


def main():
    global ARGS
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--times", type=int, default=2); p.add_argument("--secs", type=float, default=5)
    p.add_argument("--rate", type=float, default=0.3); p.add_argument("--seed", type=int, default=0)
    p.add_argument("--max-life", type=float, default=120, help="everything ends then")
    p.add_argument("--list-json", action="store_true")
    ARGS = p.parse_args()
    if ARGS.list_json:
        return print(json.dumps({k: {"does": v[0], "client_must": v[1]} for k, v in MODES.items()}, indent=1))
    killer = threading.Timer(ARGS.max_life, lambda: os._exit(3))
    killer.daemon = True
    killer.start()
    main_srv = Server(("127.0.0.1", 0), H)
    other = Server(("127.0.0.1", 0), Other)
    ARGS.other_port = other.server_port
    threading.Thread(target=other.serve_forever, daemon=True).start()
    print(main_srv.server_port, other.server_port, flush=True)
    try:
        main_srv.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
