"""Text administration: what monitoring scripts and operators type."""

import os
import re
import socket
import unittest

from harness import LIMIT, Case, await_true, is_alive, read

PROMPT = "E-MailRelay> "


class Admin:
    """A client of the administration port."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        self.socket.settimeout(LIMIT)
        self.socket.connect(address)
        self.seen = ""

    def send(self, text):
        self.socket.sendall(text.encode("latin-1"))

    def until(self, end):
        while end not in self.seen:
            more = self.socket.recv(4096)
            if not more:
                raise AssertionError("ended after " + repr(self.seen))
            self.seen += more.decode("latin-1")
        at = self.seen.index(end) + len(end)
        text, self.seen = self.seen[:at], self.seen[at:]
        return text

    def ask(self, command):
        self.send(command + "\r\n")
        return self.until(PROMPT)[: -len(PROMPT)]

    def rest(self):
        while True:
            more = self.socket.recv(4096)
            if not more:
                return self.seen
            self.seen += more.decode("latin-1")

    def close(self):
        self.socket.close()


class TextAdministration(Case):
    def admin(self, address=None):
        pattern = r"admin server on 127\.0\.0\.1:(\d+)"
        if address is None:
            address = ("127.0.0.1", int(await_true(lambda: re.search(pattern, read(self.log)), "admin's line").group(1)))
        admin = Admin(address)
        self.closing.append(admin)
        return admin

    def closed_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def test_commands_of_a_clean_relay(self):
        pid = self.start("--admin", "0")
        admin = self.admin()
        self.assertEqual("", admin.ask(""))
        self.assertEqual(
            "commands: dnsbl, failures, flush, forward, help, info, list, notify, pid, quit, smtp, status, unfail-all\r\n",
            admin.ask("help"),
        )
        self.assertEqual("%d\r\n" % pid, admin.ask("pid"))
        self.assertEqual("<none>\r\n", admin.ask("list"))
        self.assertEqual("<none>\r\n", admin.ask("failures"))
        self.assertEqual("error: unrecognised command\r\n", admin.ask("terminate"))
        self.assertEqual("error: unrecognised command\r\n", admin.ask("foo"))
        for command in ("flush", "forward"):
            self.assertEqual("error: no remote server configured: use --forward-to\r\n", admin.ask(command))
        status = admin.ask("status").split("\r\n")
        self.assertEqual("LISTEN: 127.0.0.1:%d" % self.port(), status[0])
        self.assertEqual(["OUT started: 0", "OUT finished: 0", "IN started: 1", "IN finished: 0"], status[2:6])
        self.assertRegex(status[6], r"^IN: 127\.0\.0\.1:\d+ <- 127\.0\.0\.1:\d+$")
        admin.send("quit\r\n")
        self.assertEqual("", admin.rest())
        self.await_log("admin connection closed: 127.0.0.1:")
        self.stop(pid)
        self.assert_clean_log()

    def test_flush(self):
        sink = self.sink()
        self.start("--admin", "0", "--forward-to", sink.address)
        admin = self.admin()
        self.assertEqual("error: no messages to send\r\n", admin.ask("flush"))
        self.submit()
        self.assertEqual(os.path.basename(self.one("*.envelope"))[: -len(".envelope")] + "\r\n", admin.ask("list"))
        self.assertEqual("OK\r\n", admin.ask("flush"))
        self.assertEqual(1, len(sink.messages))
        self.await_files("*.content", 0)
        self.assertEqual("error: no messages to send\r\n", admin.ask("flush"))
        status = admin.ask("status")
        self.assertIn("OUT started: 1\r\nOUT finished: 1\r\n", status)

    def test_flush_failures(self):
        port = self.closed_port()
        self.start("--admin", "0", "--forward-to", "127.0.0.1:%d" % port)
        admin = self.admin()
        self.submit()
        self.assertEqual("error: connect failure: cannot connect to 127.0.0.1:%d\r\n" % port, admin.ask("flush"))
        self.one("*.envelope")

    def test_flush_of_a_name_that_nobody_has(self):
        self.start("--admin", "0", "--forward-to", "nosuchhost.invalid:25")
        admin = self.admin()
        self.submit()
        self.assertRegex(admin.ask("flush"), r'^error: dns error: no such host: "nosuchhost\.invalid"')

    def test_flush_with_a_refused_message_is_ok_and_unfail_all_makes_it_eligible_again(self):
        sink = self.sink(replies={"MAIL": "550 nope"})
        self.start("--admin", "0", "--forward-to", sink.address)
        admin = self.admin()
        self.submit()
        self.assertEqual("OK\r\n", admin.ask("flush"))
        stem = os.path.basename(self.one("*.envelope.bad"))[: -len(".envelope.bad")]
        self.assertEqual(stem + "\r\n", admin.ask("failures"))
        self.assertEqual("", admin.ask("unfail-all"))
        self.assertEqual(stem + "\r\n", admin.ask("list"))
        self.assertIn("X-MailRelay-Reason: nope", read(self.one("*.envelope")))

    def test_notify_while_mail_flows(self):
        sink = self.sink(replies={"MAIL": "550 nope"})
        self.start("--admin", "0", "--forward-to", sink.address)
        self.submit()
        stem = os.path.basename(self.one("*.envelope"))[: -len(".envelope")]
        watching, acting = self.admin(), self.admin()
        self.assertEqual("<none>\r\n", acting.ask("failures"))
        watching.send("notify\r\n")
        self.assertTrue(watching.ask("pid").strip().isdigit())
        self.assertEqual("OK\r\n", acting.ask("forward"))
        text = watching.until("client: forward: end  ")
        events = [line[len("EVENT: ") :].strip() for line in text.split("\r\n") if line.startswith("EVENT: ")]
        self.assertEqual(
            [
                "client: forward: start: admin",
                "network: out: start",
                "client: connecting: " + sink.address,
                "client: sending: " + stem,
                "client: connected: " + sink.address,
                "client: sent: %s: nope" % stem,
                "network: out: stop",
                "client: forward: end",
            ],
            events,
        )
        self.submit()
        text = watching.until("network: in: stop  ")
        self.assertIn("EVENT: network: in: start  ", text)

    def test_notify_shows_all_relays_of_the_process_at_the_first_ones_port_only(self):
        sink = self.sink()
        other = os.path.join(self.directory, "other")
        os.mkdir(other)
        os.chmod(other, 0o777)
        self.start(
            "--admin", "0", "--other-spool-dir", other, "--other-port", "0", "--other-interface", "127.0.0.1",
            "--other-domain", "other.test", "--other-admin", "0", "--other-forward-to", sink.address,
        )  # fmt: skip
        pattern = r"admin server on 127\.0\.0\.1:(\d+)"
        ports = await_true(lambda: (lambda found: len(found) == 2 and found)(re.findall(pattern, read(self.log))), "both")
        intakes = re.findall(r"smtp server on 127\.0\.0\.1:(\d+)", read(self.log))
        first, second = self.admin(("127.0.0.1", int(ports[0]))), self.admin(("127.0.0.1", int(ports[1])))
        client = self.client(("127.0.0.1", int(intakes[1])))
        client.submit()
        client.quit()
        for admin in (first, second):
            admin.send("notify\r\n")
            self.assertTrue(admin.ask("pid").strip().isdigit())
        self.assertEqual("error: no remote server configured: use --forward-to\r\n", first.ask("flush"))
        self.assertEqual("OK\r\n", second.ask("flush"))
        events = first.until("network: out: stop  ")
        self.assertIn("EVENT: client: connected: " + sink.address, events)
        self.assertEqual("error: no messages to send\r\n", second.ask("flush"))

    def test_smtp_disable_and_enable(self):
        self.start("--admin", "0")
        admin = self.admin()
        self.assertEqual("OK\r\n", admin.ask("smtp disable"))
        await_true(lambda: self.client().greeting.startswith("421"), "the refusal")
        self.assertEqual("OK\r\n", admin.ask("smtp enable"))
        await_true(lambda: self.client().greeting.startswith("220"), "the greeting")

    def test_terminate(self):
        process, line = self.foreground("--admin", "0", "--admin-terminate", "--port", "0", "--interface", "127.0.0.1")
        port = None
        for line in process.stderr:
            found = re.search(rb"admin server on 127\.0\.0\.1:(\d+)", line)
            if found:
                port = int(found.group(1))
                break
        admin = self.admin(("127.0.0.1", port))
        self.assertIn("status, terminate, unfail-all", admin.ask("help"))
        admin.send("terminate\r\n")
        rest = process.stderr.read().decode()
        self.assertEqual(0, process.wait(LIMIT), rest)
        self.assertIn("received a terminate command from 127.0.0.1:", rest)

    def test_terminate_in_the_background_removes_the_pid_file(self):
        pid = self.start("--admin", "0", "--admin-terminate")
        self.admin().send("terminate\r\n")
        await_true(lambda: not is_alive(pid), "the end of the relay")
        self.assertFalse(os.path.exists(self.pid_file))
        self.assert_clean_log()

    def test_unix_socket(self):
        path = os.path.join(self.directory, "admin.sock")
        pid = self.start(
            "--admin", "0", port=("--port", "0", "--interface", "smtp=127.0.0.1", "--interface", "admin=" + path)
        )
        self.await_log("admin server on " + path)
        first, second = self.admin(path), self.admin(path)
        self.assertEqual("<none>\r\n", first.ask("list"))
        self.assertEqual("<none>\r\n", second.ask("list"))
        self.assertIn("LISTEN: %s\r\n" % path, first.ask("status"))
        self.stop(pid)
        self.assertFalse(os.path.exists(path))

    def test_block_lists_can_be_stopped_and_started_though_none_are_asked(self):
        self.start("--admin", "0")
        admin = self.admin()
        for command in ("dnsbl stop", "dnsbl stop 10", "dnsbl start"):
            self.assertEqual("OK\r\n", admin.ask(command))
        for command in ("dnsbl", "dnsbl what", "dnsbl stop x"):
            self.assertEqual("usage: dnsbl {start|stop <timeout>}\r\n", admin.ask(command))
        self.await_log("dnsbl: no effect: no block lists are asked")

    def test_held_messages_are_not_sent(self):
        sink = self.sink()
        pid = self.start("--admin", "0", "--forward-to", sink.address)
        self.submit()
        stem = os.path.basename(self.one("*.envelope"))[: -len(".envelope")]
        admin = self.admin()
        self.assertEqual("OK\r\n", admin.ask("hold " + stem))
        self.one("*.envelope.held")
        self.assertEqual("error: no messages to send\r\n", admin.ask("flush"))
        self.stop(pid)
        os.rename(self.log, self.log + ".before")
        self.start("--admin", "0", "--forward-to", sink.address)
        admin = self.admin()
        self.assertEqual("error: no messages to send\r\n", admin.ask("flush"))
        self.assertEqual("OK\r\n", admin.ask("release " + stem))
        self.assertEqual("OK\r\n", admin.ask("flush"))
        self.assertEqual(1, len(sink.messages))


if __name__ == "__main__":
    unittest.main()
