"""Unix-domain sockets, descriptors handed over, interface names, and the system's log."""

import os
import re
import signal
import socket
import stat
import threading

from harness import LIMIT, Case, Client, await_true, read


class Sockets(Case):
    def test_unix_socket_intake(self):
        path = os.path.join(self.directory, "smtp")
        pid = self.start("--interface", path, port=())
        self.await_log("smtp server on " + path)
        self.assertTrue(stat.S_ISSOCK(os.stat(path).st_mode))
        self.assertEqual(0o770, os.stat(path).st_mode & 0o777)
        client = self.client(path)
        self.assertEqual("250", client.submit()[-1][:3])
        client.quit()
        self.assertIn("X-MailRelay-Client: /\r\n", read(self.one("*.envelope")))
        self.await_log("smtp connection from /")
        self.stop(pid)
        self.assertFalse(os.path.exists(path))
        self.assert_clean_log()

    def test_stale_unix_socket_is_replaced_but_not_one_in_use(self):
        path = os.path.join(self.directory, "smtp")
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(path)
        os.chmod(path, 0o777)
        stale.close()
        self.start("--interface", path, port=())
        other = os.path.join(self.directory, "other.log")
        code, _, err = self.run_relay(
            "--log", "--log-file", other, "--spool-dir", self.spool, "--domain", "d.test", "--interface", path
        )
        self.assertEqual(2, code, err)
        self.assertIn(path, err)
        self.client(path).quit()

    def test_file_in_place_of_a_socket_is_kept(self):
        path = self.write("precious", "data")
        code, _, err = self.run_relay(*self.words("--interface", path))
        self.assertEqual(2, code, err)
        self.assertEqual("data", read(path))

    def test_unix_socket_next_hop(self):
        path = os.path.join(self.directory, "hop")
        sink = self.sink(path)
        os.chmod(path, 0o777)
        self.spooled("emailrelay.1.1.1")
        code, _, err = self.run_relay(
            "--verbose", "--spool-dir", self.spool, "--domain", "d.test", "--as-client", path, "--log"
        )
        self.assertEqual((0, 1), (code, len(sink.messages)), err)
        self.assertIn("forwarding to " + path, err)
        self.assertIn("smtp connection to " + path, err)

    def test_unix_socket_next_hop_that_is_gone(self):
        path = os.path.join(self.directory, "hop")
        self.spooled("emailrelay.1.1.1")
        code, _, err = self.run_relay("--spool-dir", self.spool, "--domain", "d.test", "--as-client", path)
        self.assertEqual(1, code)
        self.assertIn("cannot connect to " + path, err)

    def hand_over(self, listener, *options, background=False):
        """Starts a relay that finds the listening socket at descriptor 3, as systemd does it."""

        def arrange():
            os.dup2(listener.fileno(), 3)
            os.set_inheritable(3, True)

        if background:
            import subprocess

            from harness import EMAILRELAY

            words = self.words("--interface", "smtp=fd#3", *options)
            self.assertEqual(0, subprocess.call([EMAILRELAY, *words], preexec_fn=arrange, close_fds=False))
            pid = int(read(self.pid_file))
            self.pids.append(pid)
            return pid, read(self.log)
        return self.foreground("--interface", "smtp=fd#3", *options, preexec_fn=arrange, close_fds=False)

    def listener(self, family, address):
        listener = socket.socket(family)
        listener.bind(address)
        listener.listen(20)
        self.closing.append(listener)
        return listener

    def test_descriptor_of_a_parent(self):
        listener = self.listener(socket.AF_INET, ("127.0.0.1", 0))
        address = listener.getsockname()
        waiting = socket.create_connection(address)  # before there is a relay
        process, line = self.hand_over(listener)
        self.assertIn("smtp server on 127.0.0.1:%d" % address[1], line)
        self.assertTrue(waiting.makefile().readline().startswith("220 "))
        waiting.close()
        clients = [Client(address) for _ in range(20)]
        for client in clients:
            self.assertEqual("250", client.submit()[-1][:3])
            client.quit()
        self.assertEqual(20, len(self.files("*.envelope")))
        self.assertIn("X-MailRelay-Client: 127.0.0.1\r\n", read(self.files("*.envelope")[0]))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(143, process.wait(LIMIT))

    def test_descriptor_in_the_background(self):
        listener = self.listener(socket.AF_INET, ("127.0.0.1", 0))
        pid, _ = self.hand_over(listener, background=True)
        self.assertEqual("250", self.client(listener.getsockname()).submit()[-1][:3])
        self.stop(pid)

    def test_descriptor_of_a_unix_socket(self):
        path = os.path.join(self.directory, "activated")
        self.hand_over(self.listener(socket.AF_UNIX, path))
        client = self.client(path)
        self.assertEqual("250", client.submit()[-1][:3])
        client.quit()
        self.assertIn("X-MailRelay-Client: /\r\n", read(self.one("*.envelope")))

    def test_descriptor_that_does_not_listen(self):
        code, _, err = self.run_relay(*self.words("--no-daemon", "--interface", "fd#99"))
        self.assertEqual(2, code)
        self.assertIn("fd#99", err)

    def test_interface_by_name(self):
        self.start(port=("--port", "0", "--interface", "lo-ipv4"))
        self.await_log("smtp server on 127.0.0.1:")
        self.assertEqual("250", self.client().submit()[-1][:3])

    def test_all_addresses_of_both_families(self):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = str(probe.getsockname()[1])
        self.start(port=("--port", port, "--interface", "0.0.0.0", "--interface", "::"))
        self.await_log("smtp server on 0.0.0.0:" + port)
        self.await_log("smtp server on ::." + port)
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, int(port)), 20) as client:
                self.assertEqual(b"220 ", client.recv(4))

    def test_interface_that_is_not_there_yet(self):
        pid = self.start(port=("--port", "0", "--interface", "lo-ipv4", "--interface", "nosuch0"))
        await_true(lambda: re.search(r": warning: .*nosuch0", read(self.log)), "the warning")
        self.stop(pid)


class Syslog(Case):
    def setUp(self):
        super().setUp()
        path = os.path.join(self.directory, "devlog")
        self.system = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.system.bind(path)
        os.chmod(path, 0o777)
        self.closing.append(self.system)
        self.lines = []
        threading.Thread(target=self.receive, daemon=True).start()
        os.environ["STAGEPOST_JAVA_OPTS"] = "-Dstagepost.syslog=" + path

    def tearDown(self):
        del os.environ["STAGEPOST_JAVA_OPTS"]
        super().tearDown()

    def receive(self):
        while True:
            try:
                self.lines.append(self.system.recv(10000).decode())
            except OSError:
                return

    def test_lines_go_to_the_system_with_their_priority(self):
        result = self.run_relay(
            "--as-server", "--syslog=local3", "--pid-file", self.pid_file, "--spool-dir", self.spool, "--domain", "d.test",
            "--port", "0", "--interface", "127.0.0.1",
        )  # fmt: skip
        # What the system gets is not wanted on a standard error that is to be closed.
        self.assertEqual((0, "", ""), result)
        pid = int(read(self.pid_file))
        self.pids.append(pid)
        line = await_true(lambda: [each for each in self.lines if "smtp server on" in each], "the line")[0]
        priority = 19 * 8 + 6
        self.assertRegex(
            line,
            r"^<%d>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d emailrelay\[%d\]: emailrelay: info: smtp server on 127" % (priority, pid),
        )
        self.stop(pid)

    def test_facility_is_mail_and_warnings_are_warnings(self):
        path = self.spooled("emailrelay.1.1.1", to=())
        code, _, err = self.run_relay(
            "--as-client", "127.0.0.1:9", "--syslog", "--spool-dir", self.spool, "--domain", "d.test"
        )
        self.assertEqual(0, code, err)
        self.assertTrue(os.path.exists(path + ".envelope.bad"))
        await_true(lambda: any(re.match("^<%d>.*: warning: .*no remote" % (2 * 8 + 4), each) for each in self.lines), "a warning")
        self.assertIn("warning: ", err)
