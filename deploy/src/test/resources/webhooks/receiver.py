#!/usr/bin/env python3
"""Receives webhooks and checks them with nothing but the standard library.

POST /hook takes an event: 401 when the signature is wrong or older than five minutes. PUT /control sets "secret" and "mode":
ok, 500, 429, slow, 410, or flaky, which is one of these or a lost connection now and then. GET /seen tells what was taken.
Prints "listening on <port>".
"""

import base64
import hashlib
import hmac
import http.server
import json
import random
import sys
import threading
import time

TOLERANCE = 300


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.secret = ""
        self.mode = "ok"
        self.taken = {}      # how often each id was answered 2xx
        self.asked = {}      # how often each id came
        self.events = []     # of each id the first time it was taken
        self.refused = 0
        self.last = None


def is_signed(secret, headers, body):
    identity, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    given = [part.split(",", 1) for part in headers.get("webhook-signature", "").split()]
    return any(len(part) == 2 and part[0] == "v1" and hmac.compare_digest(part[1], expected) for part in given)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state = State()

    def do_POST(self):
        state, body = self.state, self.body()
        if not is_signed(state.secret, self.headers, body):
            with state.lock:
                state.refused += 1
            return self.answer(401)
        identity = self.headers["webhook-id"]
        with state.lock:
            state.asked[identity] = state.asked.get(identity, 0) + 1
            state.last = {"headers": dict(self.headers), "body": body.decode()}
            mode = state.mode
        if mode == "flaky":
            mode = random.choices(("ok", "500", "429", "slow", "drop", "taken-and-dropped"), (60, 10, 10, 2, 10, 8))[0]
        if mode in ("ok", "taken-and-dropped"):
            with state.lock:
                if identity not in state.taken:
                    state.events.append(json.loads(body))
                state.taken[identity] = state.taken.get(identity, 0) + 1
        if mode == "ok":
            return self.answer(204)
        if mode == "slow":
            time.sleep(3)
        if mode in ("drop", "taken-and-dropped", "slow"):
            self.close_connection = True
            return None
        return self.answer(int(mode))

    def do_PUT(self):
        wanted = json.loads(self.body())
        with self.state.lock:
            self.state.secret = wanted.get("secret", self.state.secret)
            self.state.mode = wanted.get("mode", self.state.mode)
        self.answer(204)

    def do_GET(self):
        with self.state.lock:
            seen = {name: getattr(self.state, name) for name in ("taken", "asked", "events", "refused", "last")}
            text = json.dumps(seen).encode()
        self.answer(200, text)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def answer(self, status, text=b""):
        try:
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
        except OSError:
            self.close_connection = True

    def log_message(self, *ignored):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *ignored):
        pass


def serve(port=0):
    server = Server(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    server = serve()
    print(f"listening on {server.server_address[1]}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
