"""bin/stagepost submit."""

import email
import email.policy
import hashlib
import os
import re
import subprocess

from harness import HOME, LIMIT, Case, read

STAGEPOST = os.path.join(HOME, "bin", "stagepost")


class OwnSubmit(Case):
    def submit(self, *options, text="", code=0):
        words = [STAGEPOST, "submit", "--spool-dir", self.spool, *options]
        done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=LIMIT)
        self.out, self.err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(code, done.returncode, self.err)
        return self.err

    def message(self):
        with open(self.one("*.content"), "rb") as file:
            raw = file.read()
        self.assertEqual(raw.count(b"\n"), raw.count(b"\r\n"))
        self.assertEqual(raw.count(b"\r"), raw.count(b"\r\n"))
        self.assertLessEqual(max(len(line) for line in raw.split(b"\r\n")), 998)
        return email.message_from_bytes(raw, policy=email.policy.default)

    def recipients(self):
        return re.findall(r"X-MailRelay-To-Remote: (.*)\r\n", read(self.one("*.envelope")))

    def file(self, name, octets):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(octets)
        return path

    def test_text(self):
        self.submit(
            "--from", "J\u00fcrgen M. <j@here.test>", "--to", "bob@there.test, C <c@b\u00fccher.example>", "--cc", "d@there.test",
            "--bcc", "e@there.test", "--subject", "Gr\u00fc\u00dfe " * 20, "--header", "X-Tag: \u20ac 5", "--body", "H\u00e4llo\n.\nWelt",
        )  # fmt: skip
        message = self.message()
        self.assertEqual(("Gr\u00fc\u00dfe " * 20).strip(), message["Subject"].strip())
        self.assertEqual("\u20ac 5", message["X-Tag"])
        self.assertEqual("J\u00fcrgen M.", message["From"].addresses[0].display_name)
        self.assertEqual(["bob@there.test", "c@xn--bcher-kva.example"], [each.addr_spec for each in message["To"].addresses])
        self.assertIsNone(message["Bcc"])
        self.assertIsNotNone(message["Date"].datetime)
        self.assertRegex(message["Message-ID"], r"^<.+@.+>$")
        self.assertEqual("H\u00e4llo\n.\nWelt\n", message.get_content().replace("\r\n", "\n"))
        expected = ["bob@there.test", "c@xn--bcher-kva.example", "d@there.test", "e@there.test"]
        self.assertEqual(expected, self.recipients())
        self.assertIn("X-MailRelay-From: j@here.test\r\n", read(self.one("*.envelope")))

    def test_text_from_the_input(self):
        self.submit("--to", "a@b.c", "--subject", "s", text="some text\n")
        message = self.message()
        self.assertEqual("7bit", message["Content-Transfer-Encoding"])
        self.assertEqual("some text\r\n", message.get_content())

    def test_parts(self):
        octets = os.urandom(100_000)
        self.submit(
            "--to", "a@b.c", "--text-file", self.file("t", "caf\u00e9 ".encode() * 500), "--html-file", self.file("h", b"<p>x</p>"),
            "--attach", self.file("a.pdf", octets), "--attach", self.file("\u00dcber 1.bin", b"\0"),
        )  # fmt: skip
        message = self.message()
        self.assertEqual("multipart/mixed", message.get_content_type())
        parts = list(message.iter_parts())
        self.assertEqual("multipart/alternative", parts[0].get_content_type())
        plain, rich = parts[0].iter_parts()
        self.assertEqual("caf\u00e9 " * 500, plain.get_content().rstrip("\r\n"))
        self.assertEqual("<p>x</p>", rich.get_content().strip())
        self.assertEqual(("application/pdf", "a.pdf", octets), (parts[1].get_content_type(), parts[1].get_filename(), parts[1].get_content()))
        self.assertEqual(("\u00dcber 1.bin", b"\0"), (parts[2].get_filename(), parts[2].get_content()))

    def test_big_attachment_in_little_memory(self):
        path = self.file("big", b"")
        os.truncate(path, 300 << 20)
        os.environ["STAGEPOST_JAVA_OPTS"] = "-Xmx24m -Xms8m"
        try:
            self.submit("--to", "a@b.c", "--body", "see there", "--attach", path)
        finally:
            del os.environ["STAGEPOST_JAVA_OPTS"]
        self.assertGreater(os.stat(self.one("*.content")).st_size, 400 << 20)

    def test_whole_message(self):
        message = "From: a@b.c\nTo: Group: d@e.f;\nBcc: g@h.i\nSubject: s\n\nbody\n"
        path = self.file("message", message.encode())
        expected = message.replace("Bcc: g@h.i\n", "").replace("\n", "\r\n")
        for words, text in (([path], ""), ([], message)):
            with self.subTest(words=words):
                self.submit("-n", *words, text=text)
                name = self.out.strip()
                self.assertEqual(expected, read(os.path.join(self.spool, name)))
                self.assertEqual(["d@e.f", "g@h.i"], self.recipients())
                for each in self.files("*"):
                    os.remove(each)

    def test_W1_no_value_forges_a_field(self):
        for words, named in (
            (["--subject", "x\nBcc: evil@e.f"], "Subject"),
            (["--header", "X-A: y\r\nBcc: evil@e.f"], "X-A"),
            (["--header", "X A: y"], "header"),
            (["--header", "Content-Type: text/html"], "Content-Type"),
            (["--from", "x@y.z\nBcc: evil@e.f", "--subject", "x"], "--from"),
            (["--to", "x@y.z\r\n.\r\n", "--subject", "x"], "--to"),
            (["--attach", self.file("a\nb", b"x")], "attachment"),
        ):
            with self.subTest(words=words):
                err = self.submit("--to", "a@b.c", *words, "--body=x", code=1)
                self.assertIn("error: " + named, err)
                self.assertEqual(1, err.count("\n"))
                self.assertEqual([], self.files("*"))

    def test_errors(self):
        for words, expected in (
            (["--body", "x"], "no recipients"),
            (["--to", "a b", "--body", "x"], "--to: invalid address list"),
            (["--to", "a@b.c", "--attach", "/nonexistent"], "cannot read /nonexistent"),
            (["--to", "a@b.c", "--body", "x", "file"], "either built or read"),
            (["--to", "a@b.c", "--body", "x", "--text-file", "y"], "exclude each other"),
            (["one", "two"], "more than one file"),
            (["--nonsense"], 'invalid option: "--nonsense"'),
        ):
            with self.subTest(words=words):
                self.assertIn(expected, self.submit(*words, code=1))
                self.assertEqual([], self.files("*"))

    def test_help(self):
        self.submit("--help")
        self.assertIn("--attach", self.out)
