"""Drives bin/emailrelay and its peers as processes and sockets, as E-MailRelay's users do."""

import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

HOME = os.environ["STAGEPOST_HOME"]
EMAILRELAY = os.path.join(HOME, "bin", "emailrelay")
LIMIT = int(os.environ.get("ACCEPTANCE_LIMIT", "60"))
SUSPECT = re.compile(r": (warning|error|exception):")


def await_true(condition, what):
    """Waits until a condition holds; a process says nothing by itself when a file changes."""
    end = time.monotonic() + LIMIT
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("gave up waiting for " + what)
        time.sleep(0.02)


def read(path):
    with open(path, "rb") as file:
        return file.read().decode("latin-1")


def is_alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Client:
    """An SMTP client that sends what it is told."""

    def __init__(self, address):
        if isinstance(address, str):
            self.socket = socket.socket(socket.AF_UNIX)
        else:
            self.socket = socket.socket()
        self.socket.settimeout(LIMIT)
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")
        self.greeting = self.reply()

    def reply(self):
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                return None
            lines.append(line.decode("latin-1").rstrip("\r\n"))
            if lines[-1][3:4] != "-":
                return "\n".join(lines)

    def send(self, line):
        self.socket.sendall(line.encode("latin-1") + b"\r\n")
        return self.reply()

    def submit(self, body="Subject: test\r\n\r\nhello", sender="alice@here.test", to=("bob@there.test",)):
        replies = [self.send("EHLO client.test"), self.send("MAIL FROM:<%s>" % sender)]
        replies += [self.send("RCPT TO:<%s>" % each) for each in to]
        replies.append(self.send("DATA"))
        replies.append(self.send(body + "\r\n."))
        return replies

    def quit(self):
        self.send("QUIT")
        while self.file.read(1024):
            pass
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()


class Sink:
    """A next hop: remembers commands, and answers with what REPLIES has for the start of a command."""

    def __init__(self, address=("127.0.0.1", 0), replies=None):
        self.replies = replies or {}
        self.commands = []
        self.messages = []
        self.connections = 0
        self.server = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.server.bind(address)
        self.server.listen(20)
        name = self.server.getsockname()
        self.address = name if isinstance(name, str) else "127.0.0.1:%d" % name[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def answer(self, command, usual):
        for start, reply in self.replies.items():
            if command.startswith(start):
                return reply
        return usual

    def serve(self, connection):
        file = connection.makefile("rwb", buffering=0)

        def say(text):
            file.write(text.encode("latin-1") + b"\r\n")

        say("220 sink")
        while True:
            line = file.readline()
            if not line:
                return
            command = line.decode("latin-1").rstrip("\r\n")
            self.commands.append(command)
            if command.startswith("EHLO"):
                say(self.answer(command, "250-sink\r\n250 8BITMIME"))
            elif command == "DATA":
                reply = self.answer(command, "354 go on")
                say(reply)
                if reply.startswith("354"):
                    content = []
                    for raw in iter(file.readline, b".\r\n"):
                        content.append(raw.decode("latin-1"))
                    reply = self.answer(".", "250 taken")
                    if reply.startswith("250"):
                        self.messages.append("".join(content))
                    say(reply)
            else:
                say(self.answer(command, "221 bye" if command == "QUIT" else "250 ok"))

    def starting(self, start):
        return [command for command in self.commands if command.startswith(start)]

    def close(self):
        self.server.close()


class Case(unittest.TestCase):
    """A test with a directory and a spool of its own, which the relay's user can write when root runs the test."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="stagepost-acceptance-")
        os.chmod(self.directory, 0o777)
        self.spool = os.path.join(self.directory, "spool")
        os.mkdir(self.spool)
        os.chmod(self.spool, 0o777)
        self.log = os.path.join(self.directory, "log")
        self.pid_file = os.path.join(self.directory, "pid")
        self.closing = []
        self.pids = []

    def tearDown(self):
        for each in self.closing:
            each.close()
        for pid in self.pids:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.directory, ignore_errors=True)

    def run_relay(self, *options, cwd=None):
        """Runs the command to its end; a relay in the background goes on."""
        # Files, not pipes: what stays in the background keeps standard error open.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            code = subprocess.call(
                [EMAILRELAY, *options], stdin=subprocess.DEVNULL, stdout=out, stderr=err, timeout=LIMIT, cwd=cwd
            )
            out.seek(0)
            err.seek(0)
            return code, out.read().decode(), err.read().decode()

    def words(self, *options, domain="relay.test"):
        return [
            "--log", "--log-time", "--log-address", "--no-syslog", "--log-file", self.log, "--pid-file", self.pid_file,
            "--domain", domain, "--spool-dir", self.spool, *options,
        ]  # fmt: skip

    def start(self, *options, domain="relay.test", port=("--port", "0", "--interface", "127.0.0.1")):
        """Starts it in the background; gives its process id."""
        code, out, err = self.run_relay(*self.words(*port, *options, domain=domain))
        self.assertEqual((0, ""), (code, out), err)
        for line in err.splitlines():
            # The one thing that is worth a warning and still wanted.
            self.assertTrue("--immediate" in options and " warning: using --immediate" in line, line)
        text = read(self.pid_file)
        self.assertRegex(text, r"^\d+\n$")
        pid = int(text)
        self.pids.append(pid)
        return pid

    def foreground(self, *options, **how):
        """Starts it in the foreground with its log on standard error, and waits until it listens."""
        process = subprocess.Popen(
            [EMAILRELAY, "--no-daemon", "--log", "--no-syslog", "--domain", "relay.test", "--spool-dir", self.spool, *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **how,
        )  # fmt: skip
        self.pids.append(process.pid)
        self.closing.append(process.stderr)
        for line in process.stderr:
            if b"smtp server on" in line or b"forwarding to" in line:
                return process, line.decode()
        raise AssertionError("it did not start: exit code %s" % process.wait(LIMIT))

    def stop(self, pid, number=signal.SIGTERM):
        os.kill(pid, number)
        await_true(lambda: not is_alive(pid), "the end of the relay")

    def port(self):
        pattern = r"smtp server on 127\.0\.0\.1:(\d+)"
        return int(await_true(lambda: re.search(pattern, read(self.log)), "the listener's line").group(1))

    def await_log(self, text):
        """The log is written by and by."""
        await_true(lambda: text in read(self.log), text)

    def client(self, address=None):
        client = Client(address or ("127.0.0.1", self.port()))
        self.closing.append(client)
        return client

    def sink(self, *args, **options):
        sink = Sink(*args, **options)
        self.closing.append(sink)
        return sink

    def files(self, pattern):
        return sorted(glob.glob(os.path.join(self.spool, pattern)))

    def one(self, pattern):
        found = self.files(pattern)
        self.assertEqual(1, len(found), os.listdir(self.spool))
        return found[0]

    def await_files(self, pattern, count):
        return await_true(
            lambda: len(self.files(pattern)) == count and (self.files(pattern) or True), "%d %s" % (count, pattern)
        )

    def assert_clean_log(self):
        for line in read(self.log).splitlines():
            self.assertNotRegex(line, SUSPECT)

    def submit(self, **message):
        client = self.client()
        replies = client.submit(**message)
        client.quit()
        return replies

    def spooled(self, stem, to=("bob@there.test",), content="Subject: x\r\n\r\nbody\r\n"):
        """A message as E-MailRelay leaves one."""
        fields = ["Format: #2821.8", "Content: 8bit", "From: alice@here.test", "ToCount: %d" % len(to)]
        fields += ["To-Remote: " + each for each in to]
        fields += ["Authentication: ", "Client: 127.0.0.1", "ClientCertificate: ", "MailFromAuthIn: ", "MailFromAuthOut: "]
        fields += ["ForwardTo: ", "ForwardToAddress: ", "ClientAccountSelector: ", "Utf8MailboxNames: 0", "End: 1"]
        self.write(stem + ".content", content)
        self.write(stem + ".envelope", "".join("X-MailRelay-%s\r\n" % field for field in fields))
        return os.path.join(self.spool, stem)

    def write(self, name, text):
        path = os.path.join(self.spool, name)
        with open(path, "wb") as file:
            file.write(text.encode("latin-1"))
        os.chmod(path, 0o666)
        return path
