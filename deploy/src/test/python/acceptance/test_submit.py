"""bin/emailrelay-submit."""

import base64
import os
import pty
import re
import shutil
import signal
import subprocess

from harness import HOME, LIMIT, Case, await_true, read

SUBMIT = os.path.join(HOME, "bin", "emailrelay-submit")
MESSAGE = "From: alice@here.test\nTo: bob@there.test\nSubject: hello\n\nbody\n"


def encoded(*lines):
    return ["--content=" + base64.b64encode(line.encode()).decode() for line in lines]


class SubmitCase(Case):
    def submit(self, text, *options, code=0, spool=True):
        words = [SUBMIT, *(["--spool-dir", self.spool] if spool else []), *options]
        data = text if isinstance(text, bytes) else text.encode()
        done = subprocess.run(words, input=data, capture_output=True, timeout=LIMIT)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(code, done.returncode, self.err)
        return self.err

    def content(self):
        return read(self.one("*.content"))

    def envelope(self):
        return read(self.one("*.envelope"))

    def recipients(self, envelope=None):
        return re.findall(r"X-MailRelay-To-Remote: (.*)\r\n", self.envelope() if envelope is None else envelope)

    def sender(self):
        return re.search(r"X-MailRelay-From: (.*)\r\n", self.envelope()).group(1)

    def refused(self, text, *options):
        err = self.submit(text, *options, code=1)
        self.assertEqual([], self.files("*"))
        self.assertTrue(err.startswith("emailrelay-submit: error: "), err)
        return err


class Files(SubmitCase):
    def test_pair_of_files(self):
        self.submit(MESSAGE)
        self.assertEqual(("", ""), (self.out, self.err))
        self.assertEqual(MESSAGE.replace("\n", "\r\n"), self.content())
        fields = ["Format: #2821.8", "Content: unknown", "From: alice@here.test", "ToCount: 1"]
        fields += ["To-Remote: bob@there.test", "Authentication: ", "Client: 127.0.0.1", "ClientCertificate: "]
        fields += ["MailFromAuthIn: ", "MailFromAuthOut: ", "ForwardTo: ", "ForwardToAddress: "]
        fields += ["ClientAccountSelector: ", "Utf8MailboxNames: 0", "End: 1"]
        self.assertEqual("".join("X-MailRelay-%s\r\n" % each for each in fields), self.envelope())
        stem = os.path.basename(self.one("*.content"))
        self.assertRegex(stem, r"^emailrelay\.\d+\.\d+\.1\.content$")
        self.assertEqual(2, len(os.listdir(self.spool)))
        for path in self.files("*"):
            self.assertEqual(0o660, os.stat(path).st_mode & 0o7777)

    def test_line_ends(self):
        self.submit(b"From: a@b.c\r\nTo: d@e.f\r\n\r\none\r\ntwo\nthree\rfour\r\r\n.\n..\nno end")
        self.assertEqual("From: a@b.c\r\nTo: d@e.f\r\n\r\none\r\ntwo\r\nthreefour\r\n.\r\n..\r\nno end\r\n", self.content())

    def test_octets_of_the_body_stay(self):
        octets = bytes(c for c in range(256) if c not in (10, 13)) * 5000
        self.submit(b"To: d@e.f\n\n" + octets)
        with open(self.one("*.content"), "rb") as file:
            self.assertEqual(b"To: d@e.f\r\n\r\n" + octets + b"\r\n", file.read())

    def test_header_without_end(self):
        self.submit("To: d@e.f\nSubject: x")
        self.assertEqual("To: d@e.f\r\nSubject: x\r\n\r\n", self.content())

    def test_header_stays_as_it_is(self):
        header = "X-Odd  : y\r\nto:\r\n  d@e.f (who\r\n \t else),\r\n x@y.z\r\nSUBJECT:  =?utf-8?q?=C3=A4?=  \r\n"
        self.submit(header + "\r\n")
        self.assertEqual(header + "\r\n", self.content())
        self.assertEqual(["d@e.f", "x@y.z"], self.recipients())

    def test_dot_ends_input_on_a_terminal_only(self):
        master, slave = pty.openpty()
        process = subprocess.Popen([SUBMIT, "--spool-dir", self.spool], stdin=slave)
        os.write(master, b"To: d@e.f\n\none\n.\n")
        self.assertEqual(0, process.wait(LIMIT))
        os.close(master)
        os.close(slave)
        self.assertEqual("To: d@e.f\r\n\r\none\r\n", self.content())

    def test_signal_leaves_nothing(self):
        process = subprocess.Popen([SUBMIT, "--spool-dir", self.spool], stdin=subprocess.PIPE)
        process.stdin.write(b"To: d@e.f\n\n" + b"x" * 70 + b"\n")
        process.stdin.write(b"y" * 200_000)
        process.stdin.flush()
        self.await_files("*.content.new", 1)
        process.send_signal(signal.SIGTERM)
        # An end of the input at the same time might be seen first.
        self.assertNotEqual(0, process.wait(LIMIT))
        process.stdin.close()
        self.assertEqual([], self.files("*"))

    def test_spool_of_a_group(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to be another user")
        os.chown(self.spool, 0, 65533)
        os.chmod(self.spool, 0o2730)
        user = ["setpriv", "--reuid", "65534", "--regid", "65534"]
        words = [SUBMIT, "--spool-dir", self.spool, "d@e.f"]
        done = subprocess.run(user + ["--clear-groups"] + words, input=b"\n", capture_output=True, timeout=LIMIT)
        self.assertEqual(1, done.returncode)
        self.assertIn(b"permission denied", done.stderr)
        done = subprocess.run(user + ["--groups", "65533"] + words, input=b"\n", capture_output=True, timeout=LIMIT)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        for pattern in ("*.content", "*.envelope"):
            found = os.stat(self.one(pattern))
            self.assertEqual((65534, 65533, 0o660), (found.st_uid, found.st_gid, found.st_mode & 0o7777))

    def test_running_relay_sends_it_at_once(self):
        if os.getuid() == 0:
            # The relay becomes an ordinary user, whose group the files must have.
            shutil.chown(self.spool, group="daemon")
            os.chmod(self.spool, 0o2770)
        sink = self.sink()
        self.start("--forward-to", sink.address, "--forward-on-arrival")
        self.submit(MESSAGE)
        await_true(lambda: sink.messages, "the message")
        self.assertEqual([MESSAGE.replace("\n", "\r\n")], sink.messages)
        self.assertIn("RCPT TO:<bob@there.test>", sink.commands)
        self.await_files("emailrelay.*", 0)
        self.assert_clean_log()


class Addresses(SubmitCase):
    def test_reverse_path(self):
        for header, options, expected in (
            ("From: a@b.c\n", ["--from", "x@y.z"], "x@y.z"),
            ("From: A <a@b.c>\nSender: s@b.c\n", [], "a@b.c"),
            ("From: a@b.c, d@e.f\nSender: s@b.c\n", [], "s@b.c"),
            ("From: a@b.c, d@e.f\n", [], "a@b.c"),
            ("Sender: s@b.c\n", [], "s@b.c"),
            ("Subject: x\n", [], "anonymous"),
            ("From: a@b.c\n", ["--from=<>"], ""),
            ("From: a@b\u00fccher.example\n", [], "a@xn--bcher-kva.example"),
        ):
            with self.subTest(header=header, options=options):
                self.submit(header + "\n", *options, "to@e.f")
                self.assertEqual(expected, self.sender())
                for path in self.files("*"):
                    os.remove(path)

    def test_given_recipients(self):
        self.submit("To: header@e.f\n\n", "--to", "one@e.f", "--to=two@e.f,\\three@e.f", "\\four@e.f", "one@e.f")
        self.assertEqual(["one@e.f", "two@e.f", "three@e.f", "four@e.f", "one@e.f"], self.recipients())
        self.assertIn("X-MailRelay-ToCount: 5\r\n", self.envelope())

    def test_recipients_of_the_header(self):
        header = (
            'Bcc: blind@e.f\nCc: c (not this@one) @e.f\nTo: "A, B" <a@e.f>,\n'
            "\tGroup: g1@e.f, G <g2@e.f>;, =?utf-8?q?d?= <d@B\u00fccher.example>\nTo: j\u00fcrgen@e.f\n"
        )
        self.submit(header + "\n")
        expected = ["a@e.f", "g1@e.f", "g2@e.f", "d@xn--bcher-kva.example", "j\u00fcrgen@e.f", "c@e.f", "blind@e.f"]
        self.assertEqual(expected, [each.encode("latin-1").decode() for each in self.recipients()])
        self.assertIn("Utf8MailboxNames: 1\r\n", self.envelope())
        self.assertIn("Bcc: blind@e.f\r\n", self.content())

    def test_no_recipients(self):
        self.submit("Subject: x\n\nbody\n")
        self.assertIn("X-MailRelay-ToCount: 0\r\n", self.envelope())

    def test_undisclosed_recipients(self):
        self.submit("To: undisclosed-recipients:;\nCc: a@b.c\n\n")
        self.assertEqual(["a@b.c"], self.recipients())

    def test_bcc_split(self):
        self.submit("From: a@b.c\nTo: to@e.f\nBcc: one@e.f, two@e.f\nCc: cc@e.f\nSubject: s\n\nbody\n", "--bcc-split", "-n")
        names = self.out.split()
        self.assertEqual(3, len(names))
        found = []
        for name in names:
            stem = os.path.join(self.spool, name)
            found.append((self.recipients(read(stem.replace(".content", ".envelope"))), read(stem)))
        top, end = "From: a@b.c\r\nTo: to@e.f\r\n", "Cc: cc@e.f\r\nSubject: s\r\n\r\nbody\r\n"
        self.assertEqual((["to@e.f", "cc@e.f"], top + end), found[0])
        self.assertEqual((["one@e.f"], top + "bcc: one@e.f\r\n" + end), found[1])
        self.assertEqual((["two@e.f"], top + "bcc: two@e.f\r\n" + end), found[2])

    def test_bcc_split_shows_nobody_in_to(self):
        self.submit("To: to@e.f\nBcc: one@e.f, two@e.f\n\n", "--bcc-split", "--content-to")
        for path in self.files("*.content"):
            self.assertTrue(read(path).startswith("To: to@e.f\r\n"))


class Fields(SubmitCase):
    def test_added_on_top_in_order(self):
        self.submit("Subject: s\n\nbody\n", "-tFdI", "-f", "a@b.c", "one@e.f", "two@e.f")
        self.assertRegex(
            self.content(),
            r"^To: one@e\.f, two@e\.f\r\nFrom: a@b\.c\r\nMessage-ID: <\d+\.\d+\.\d+@local>\r\n"
            r"Date: \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\r\nSubject: s\r\n\r\nbody\r\n$",
        )

    def test_domain_of_message_id(self):
        self.submit("To: a@b.c\n\n", "--content-message-id=here.test")
        self.assertRegex(self.content(), r"^Message-ID: <\d+\.\d+\.\d+@here\.test>\r\nTo: ")

    def test_date_and_message_id_that_are_there_stay(self):
        message = "message-id: <x@y>\r\nDATE: today\r\nTo: a@b.c\r\n\r\n"
        self.submit(message, "--content-date", "--content-message-id")
        self.assertEqual(message, self.content())

    def test_replaced_fields_leave_the_others(self):
        header = "X-A: 1\nTo: old@e.f,\n other@e.f\nX-B: 2\nFrom: old@b.c\nTO: third@e.f\nX-C: 3\n\n"
        self.submit(header + "body\n", "-t", "-F", "-f", "new@b.c", "new@e.f")
        self.assertEqual("To: new@e.f\r\nFrom: new@b.c\r\nX-A: 1\r\nX-B: 2\r\nX-C: 3\r\n\r\nbody\r\n", self.content())

    def test_content_to_without_recipients(self):
        self.assertIn("content-to", self.refused("Subject: x\n\n", "--content-to"))

    def test_content_lines_come_first(self):
        self.submit("Subject: s\n\nbody\n", *encoded("X-One: 1", "To: a@b.c\n"))
        self.assertEqual("X-One: 1\r\nTo: a@b.c\r\nSubject: s\r\n\r\nbody\r\n", self.content())
        self.assertEqual(["a@b.c"], self.recipients())

    def test_empty_content_line_ends_the_header(self):
        self.submit("Subject: none\n", *encoded("To: a@b.c", "", "first"))
        self.assertEqual("To: a@b.c\r\n\r\nfirst\r\nSubject: none\r\n", self.content())

    def test_input_is_body(self):
        self.submit("Subject: none\n", "--body", *encoded("To: a@b.c"))
        self.assertEqual("To: a@b.c\r\n\r\nSubject: none\r\n", self.content())

    def test_no_input(self):
        self.submit("ignored", "--no-stdin", "-C", base64.b64encode(b"To: a@b.c").decode())
        self.assertEqual("To: a@b.c\r\n\r\n", self.content())

    def test_input_file(self):
        path = os.path.join(self.directory, "in")
        with open(path, "w") as file:
            file.write(MESSAGE)
        self.submit("ignored", "--input-file", path)
        self.assertEqual(MESSAGE.replace("\n", "\r\n"), self.content())

    def test_authentication(self):
        self.submit(MESSAGE, "--auth", "me too", "--from-auth-in", "a+b", "--from-auth-out=")
        self.assertIn("Authentication: me+20too\r\n", self.envelope())
        self.assertIn("MailFromAuthIn: a+2Bb\r\nX-MailRelay-MailFromAuthOut: <>\r\n", self.envelope())


class Copies(SubmitCase):
    def test_envelope_in_each_directory(self):
        for name in ("alice", ".bob"):
            os.mkdir(os.path.join(self.spool, name))
        self.submit(MESSAGE, "--copy")
        self.assertEqual([], self.files("*.envelope*"))
        stem = os.path.basename(self.one("*.content"))[: -len(".content")]
        for name in ("alice", ".bob"):
            self.assertEqual([stem + ".envelope"], os.listdir(os.path.join(self.spool, name)))
            self.assertEqual(["bob@there.test"], self.recipients(read(os.path.join(self.spool, name, stem + ".envelope"))))

    def test_no_directory_keeps_it(self):
        self.submit(MESSAGE, "--copy")
        self.assertEqual(["bob@there.test"], self.recipients())

    def test_failed_copy_keeps_it(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to be another user")
        for name in ("alice", "bob"):
            os.mkdir(os.path.join(self.spool, name))
            os.chmod(os.path.join(self.spool, name), 0o777 if name == "alice" else 0o755)
        user = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
        words = [SUBMIT, "--spool-dir", self.spool, "--copy"]
        done = subprocess.run(user + words, input=MESSAGE.encode(), capture_output=True, timeout=LIMIT)
        self.assertEqual(0, done.returncode)
        self.assertIn(b"warning: the envelope was not copied everywhere: permission denied", done.stderr)
        self.assertEqual(["bob@there.test"], self.recipients())
        self.assertEqual(1, len(self.files("alice/*.envelope")))


class Words(SubmitCase):
    def test_version_is_a_number_only(self):
        for option in ("--version", "-V"):
            self.submit("", option, spool=False)
            self.assertRegex(self.out, r"^\d[\d.]*\n$")

    def test_help(self):
        self.submit("", "--help", "--nonsense", spool=False)
        self.assertEqual("", self.err)
        for option in ("-h, --help", "--bcc-split", "--content-message-id[=<domain>]", "-o, --from-auth-out"):
            self.assertIn(option, self.out)

    def test_printing(self):
        self.submit(MESSAGE, "-v")
        self.assertEqual(self.one("*.content") + "\n", self.out)
        os.remove(self.one("*.content"))
        self.submit(MESSAGE, "--filename")
        self.assertEqual(os.path.basename(self.one("*.content")) + "\n", self.out)

    def test_B16_invalid_options_fail(self):
        for words, text in (
            (["--foo"], 'invalid option: "--foo"'),
            (["-Z"], 'invalid option: "-Z"'),
            (["--from"], 'no value supplied for "--from"'),
            (["--from", "-x"], "--from=-x"),
            (["-fa@b.c"], 'no value supplied for "-f"'),
            (["--body=maybe"], 'cannot give a value with "--body"'),
            (["--body", "--body=no"], 'conflicting values: "--body"'),
            (["-f", "a@b.c", "--from=d@e.f"], 'duplicate use of "--from"'),
            (["a@b.c", "--verbose"], "options must come first"),
        ):
            with self.subTest(words=words):
                self.assertIn(text, self.refused(MESSAGE, *words))

    def test_words_that_are_fine(self):
        self.submit(MESSAGE, "--from=d@e.f", "-f", "d@e.f", "--body=no", "-vv", "--", "a@b.c")
        self.assertEqual(["a@b.c"], self.recipients())

    def test_errors(self):
        for text, words, expected in (
            ("To: a@b.c\nnonsense\n\n", [], "rfc-5322/6532 parsing error: invalid header field: line 2"),
            (" To: a@b.c\n\n", [], "parsing error: invalid header field: line 1"),
            ("X: y\nTo: a@b.c d@e.f\n\n", [], "rfc-5322/6532 parsing error: To: invalid address list: line 2"),
            ("X: y\n\n", ["a b@c.d"], "invalid recipient address: [a b@c.d]"),
            ("X: y\n\n", ["a@b>c.d"], "invalid recipient address: [a@b>c.d]"),
            ("X: y\n\n", ["a@b.c\nX-MailRelay-From: x"], "invalid recipient address: [a@b.c\\nX-MailRelay-From: x]"),
            ("X: y\n\n", ["--from", "a b", "a@b.c"], "invalid sender address: [a b]"),
            ("", ["--content=$"], "base64"),
            ("", encoded("A: b\nC: d"), "more than one line"),
            ("", ["--input-file", "/nonexistent/file"], "no such file: /nonexistent/file"),
        ):
            with self.subTest(text=text, words=words):
                self.assertIn(expected, self.refused(text, *words))

    def test_spool_that_is_not_there(self):
        shutil.rmtree(self.spool)
        self.assertIn("no such directory: " + self.spool, self.submit(MESSAGE, code=1))
