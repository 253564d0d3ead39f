"""bin/sendmail, as programs call it."""

import os
import re
import subprocess

from harness import HOME, LIMIT, Case, read

SENDMAIL = os.path.join(HOME, "bin", "sendmail")
STAGEPOST = os.path.join(HOME, "bin", "stagepost")


class SendmailCase(Case):
    def setUp(self):
        super().setUp()
        self.settings = os.path.join(self.directory, "submit.conf")
        with open(self.settings, "w") as file:
            file.write("spool-dir = %s\ndomain = here.test\n" % self.spool)

    def send(self, text, *options, code=0, program=(SENDMAIL,)):
        words = [*program, "-C", self.settings, *options]
        done = subprocess.run(words, input=text.encode(), capture_output=True, timeout=LIMIT)
        self.err = done.stderr.decode()
        self.assertEqual(code, done.returncode, self.err)
        self.assertEqual(b"", done.stdout)
        if code:
            self.assertEqual([], self.files("*"))
            self.assertIn("sendmail: error: ", self.err)

    def content(self):
        return read(self.one("*.content"))

    def envelope(self):
        return read(self.one("*.envelope"))

    def recipients(self):
        return re.findall(r"X-MailRelay-To-Remote: (.*)\r\n", self.envelope())


class Sendmail(SendmailCase):
    def test_recipients_of_the_header_and_no_bcc(self):
        self.send("To: A <a@b.c>\nCc: d@e.f\nBcc: secret@e.f\nSubject: s\n\nbody\n", "-t", "-i", "more@e.f")
        self.assertEqual(["more@e.f", "a@b.c", "d@e.f", "secret@e.f"], self.recipients())
        self.assertNotIn("secret", self.content())
        self.assertTrue(self.content().endswith("To: A <a@b.c>\r\nCc: d@e.f\r\nSubject: s\r\n\r\nbody\r\n"))

    def test_missing_fields_are_added(self):
        self.send("Subject: s\n\nbody\n", "-f", "me@x.test", "-F", "M. E.", "you@x.test")
        self.assertRegex(
            self.content(),
            r'^From: "M\. E\." <me@x\.test>\r\nMessage-ID: <\d+\.\d+\.\d+@here\.test>\r\n'
            r"Date: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}\r\nSubject: s\r\n\r\nbody\r\n$",
        )
        self.assertIn("X-MailRelay-From: me@x.test\r\n", self.envelope())

    def test_fields_that_are_there_stay(self):
        message = "From: x@y.z\r\nDate: then\r\nMessage-Id: <a@b>\r\nTo: a@b.c\r\n\r\n"
        self.send(message, "-t")
        self.assertEqual(message, self.content())

    def test_bare_names(self):
        self.send("To: root\n\n", "-t", "--", "bob")
        self.assertEqual(["bob@here.test", "root@here.test"], self.recipients())
        self.assertRegex(self.envelope(), r"X-MailRelay-From: [^@]+@here\.test\r\n")

    def test_dot_ends_the_message(self):
        self.send("Subject: s\n\none\n.\ntwo\n", "a@b.c")
        self.assertTrue(self.content().endswith("\r\n\r\none\r\n"))

    def test_dot_is_text(self):
        for option in ("-i", "-oi", "-ti"):
            with self.subTest(option=option):
                self.send("To: a@b.c\n\none\n.\ntwo\n", option, "a@b.c")
                self.assertTrue(self.content().endswith("\r\n\r\none\r\n.\r\ntwo\r\n"))
                for path in self.files("*"):
                    os.remove(path)

    def test_text_without_header(self):
        self.send("From alice Mon Jan  1 00:00:00 2024\njust some text\n", "a@b.c")
        self.assertTrue(self.content().endswith(">\r\nDate: " + self.content().split("Date: ")[1]))
        self.assertTrue(self.content().endswith("\r\n\r\njust some text\r\n"))
        self.assertNotIn("Jan  1", self.content())

    def test_message_sent_again(self):
        self.send("To: old@e.f\nResent-To: new@e.f\nResent-Bcc: secret@e.f\n\n", "-t")
        self.assertEqual(["new@e.f", "secret@e.f"], self.recipients())
        self.assertNotIn("secret", self.content())

    def test_null_path(self):
        self.send("\n", "-f", "<>", "a@b.c")
        self.assertIn("X-MailRelay-From: \r\n", self.envelope())

    def test_options_of_all_kinds(self):
        self.send(
            "Subject: s\n\n", "-bm", "-oem", "-oi", "-em", "-B8BITMIME", "-FName", "-rme@x.test", "-v", "-m", "-n", "-O", "Timeout=1",
            "-L", "tag", "-N", "success,failure", "-R", "hdrs", "-V", "my=id", "A <a@b.c>, b@b.c",
        )  # fmt: skip
        self.assertEqual(["a@b.c", "b@b.c"], self.recipients())
        envelope = self.envelope()
        self.assertIn("X-MailRelay-Content: 8bit\r\nX-MailRelay-From: me@x.test\r\n", envelope)
        for line in ("DsnRet: HDRS", "DsnEnvid: my+3Did", "DsnRecipient: SUCCESS,FAILURE - a@b.c"):
            self.assertIn("X-MailRelay-" + line + "\r\n", envelope)

    def test_exit_codes(self):
        for text, words, code in (
            ("", [], 64),
            ("", ["-Z", "a@b.c"], 64),
            ("", ["-bs"], 64),
            ("", ["-bp"], 64),
            ("", ["-f"], 64),
            ("", ["-N", "sometimes", "a@b.c"], 64),
            ("Subject: x\n\n", ["-t"], 65),
            ("To: a@b.c d@e.f\n\n", ["-t"], 65),
            ("\n", ["-f", "a b", "a@b.c"], 65),
            ("\n", ["a b@c"], 67),
            ("\n", ["a@b.c\nd"], 67),
        ):
            with self.subTest(words=words):
                self.send(text, *words, code=code)

    def test_spool_out_of_order_is_temporary(self):
        os.rmdir(self.spool)
        self.send("\n", "a@b.c", code=75)
        os.mkdir(self.spool)

    def test_word_of_stagepost(self):
        self.send("\n", "a@b.c", program=(STAGEPOST, "sendmail"))
        self.assertEqual(["a@b.c"], self.recipients())

    def test_unknown_setting(self):
        with open(self.settings, "a") as file:
            file.write("spol = x\n")
        self.send("\n", "a@b.c", code=64)
        self.assertIn("unknown setting: spol", self.err)
