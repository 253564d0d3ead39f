"""Intake, spool files, forwarding and its failures."""

import glob
import os
import re
import subprocess

from harness import Case, await_true, read


class Intake(Case):
    def test_dialogue(self):
        self.start()
        client = self.client()
        self.assertTrue(client.greeting.startswith("220 "))
        self.assertTrue(client.send("HELO").startswith("501 parameter "))
        self.assertTrue(client.send("NONSENSE").startswith("500 command "))
        replies = client.submit()
        self.assertEqual(["250", "250", "250", "354", "250"], [reply[:3] for reply in replies])
        client.quit()
        self.await_log("smtp connection closed")
        log = read(self.log)
        self.assertRegex(log, r"info: 127\.0\.0\.1; smtp connection from 127\.0\.0\.1:\d+")
        self.assertRegex(log, r"info: 127\.0\.0\.1; smtp connection closed: smtp protocol done: 127\.0\.0\.1:\d+")
        self.assertRegex(log, r"(?m)^emailrelay: \d{8}\.\d{6}\.\d{3}: info: ")

    def test_verbose_log_has_the_dialogue(self):
        self.start("--verbose")
        self.submit()
        self.await_log("smtp connection closed")
        log = read(self.log)
        for text in ('rx<<: "EHLO client.test"', "relay.test says hello", "[message content not logged]", 'rx<<: "."', "new content file ["):
            self.assertIn(text, log)

    def test_bad_verbs_are_dropped(self):
        self.start()
        client = self.client()
        for number in range(10):
            if client.send("NONSENSE") is None:
                break
        else:
            self.fail("still connected after ten unknown verbs")
        await_true(lambda: "too many protocol errors" in read(self.log), "the log's line")

    def test_ehlo_parameters(self):
        self.start("--size", "1000")
        reply = self.client().send("EHLO client.test").split("\n")
        self.assertEqual("250-relay.test says hello", reply[0])
        self.assertEqual("250-SIZE 1000", reply[1])

    def test_oversize(self):
        self.start("--verbose", "--size", "1000")
        replies = self.submit(body="Subject: big\r\n\r\n" + "x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 20)
        self.assertTrue(replies[-1].startswith("552 "), replies)
        self.await_log("552 message size exceeds fixed maximum message size")
        self.assertEqual([], self.files("emailrelay.*"))

    def test_spool_files(self):
        pid = self.start()
        for number in range(3):
            self.submit(sender="from%d@here.test" % number)
        names = self.files("emailrelay.*.content")
        self.assertEqual(3, len(names))
        for number in range(3):
            stem = self.one("emailrelay.%d.*.%d.envelope" % (pid, number + 1))[: -len(".envelope")]
            self.assertRegex(os.path.basename(stem), r"^emailrelay\.%d\.\d+\.%d$" % (pid, number + 1))
            self.assertIn("X-MailRelay-From: from%d@here.test\r\n" % number, read(stem + ".envelope"))
            self.assertEqual(1, len(re.findall("(?m)^Received", read(stem + ".content"))))

    def test_envelope(self):
        self.start()
        self.submit(to=("bob@there.test", "carol@there.test"))
        envelope = read(self.one("*.envelope"))
        self.assertTrue(envelope.startswith("X-MailRelay-Format: #2821.8\r\n"))
        self.assertIn("ToCount: 2\r\nX-MailRelay-To-Remote: bob@there.test\r\nX-MailRelay-To-Remote: carol@", envelope)
        self.assertIn("X-MailRelay-Utf8MailboxNames: 0\r\nX-MailRelay-End: 1\r\n", envelope)


class Forward(Case):
    def one_shot(self, sink, *options, domain="relay.test"):
        return self.run_relay("--spool-dir", self.spool, "--domain", domain, "--as-client", sink.address, *options)

    def test_ehlo_says_the_domain(self):
        for domain, said in (("relay.test", "relay.test"), ("nodot", "127.0.0.1")):
            sink = self.sink()
            self.spooled("emailrelay.1.1.1")
            self.assertEqual(0, self.one_shot(sink, domain=domain)[0])
            self.assertEqual(["EHLO " + said], sink.starting("EHLO"))
            self.assertEqual([], self.files("emailrelay.*"))

    def test_poll(self):
        sink = self.sink()
        self.start("--forward-to", sink.address, "--poll", "1")
        self.submit()
        await_true(lambda: sink.messages, "the message")
        self.await_files("emailrelay.*", 0)

    def test_poll_finds_what_others_put_there(self):
        sink = self.sink()
        self.start("--forward-to", sink.address, "--poll", "1")
        self.spooled("emailrelay.1.1.1")
        await_true(lambda: sink.messages, "the message")

    def test_forward_on_disconnect(self):
        sink = self.sink()
        self.start("--verbose", "--forward-to", sink.address, "--forward-on-disconnect")
        client = self.client()
        client.submit()
        self.assertEqual(1, len(self.files("*.envelope")))
        self.assertEqual([], sink.messages)
        client.quit()
        await_true(lambda: sink.messages, "the message")
        self.assertIn("hello", sink.messages[0])
        await_true(lambda: "no more messages to send" in read(self.log), "the end of the run")
        for text in ("forwarding: [client disconnect]", "smtp connection to 127.0.0.1:", "deleting envelope [", "deleting content ["):
            self.await_log(text)

    def test_immediate(self):
        sink = self.sink()
        self.start("--immediate", "--forward-to", sink.address, "--verbose")
        replies = self.submit()
        self.assertEqual("250 message processed", replies[-1])
        self.assertEqual(1, len(sink.messages))
        self.await_files("emailrelay.*", 0)

    def test_immediate_refusal_is_passed_on(self):
        sink = self.sink(replies={".": "499-failed\r\n499 for testing"})
        self.start("--immediate", "--forward-to", sink.address, "--verbose")
        self.assertEqual("499 failed for testing", self.submit()[-1])
        self.one("*.envelope.bad")
        self.await_log("smtp connection closed")
        self.assertEqual(1, len(re.findall('tx>>: "499 failed for testing"', read(self.log))))

    def test_refusal_is_accounted_for(self):
        for code in ("451", "550"):
            sink = self.sink(replies={".": code + " not today"})
            stem = self.spooled("emailrelay.1.1.1")
            self.assertEqual(0, self.one_shot(sink)[0])
            bad = read(stem + ".envelope.bad")
            self.assertIn("X-MailRelay-Reason: not today\r\nX-MailRelay-ReasonCode: %s\r\n" % code, bad)
            os.unlink(stem + ".envelope.bad")

    def test_reasons_add_up(self):
        sink = self.sink(replies={"MAIL": "450 later"})
        stem = self.spooled("emailrelay.1.1.1")
        for number in (1, 2, 3):
            self.assertEqual(0, self.one_shot(sink)[0])
            self.assertEqual(number, read(stem + ".envelope.bad").count("X-MailRelay-Reason:"))
            os.rename(stem + ".envelope.bad", stem + ".envelope")

    def test_bad_suffix_removed_while_it_runs(self):
        sink = self.sink(replies={"MAIL": "450 later"})
        self.start("--forward-to", sink.address, "--poll", "1")
        self.submit()
        bad = self.await_files("*.envelope.bad", 1)[0]
        sink.replies.clear()
        os.rename(bad, bad[: -len(".bad")])
        await_true(lambda: sink.messages, "the message")
        self.await_files("emailrelay.*", 0)

    def test_fields_edited_with_sed(self):
        pid = self.start()
        self.submit(to=("bob@there.test", "carol@there.test"))
        self.stop(pid)
        stem = self.one("*.envelope")[: -len(".envelope")]
        edits = ["s/To-Remote: bob@.*/To-Remote: dave@else.test/", "s/From: alice.*/From: erin@here.test/"]
        subprocess.run(["sed", "-i", *(word for edit in edits for word in ("-e", edit)), stem + ".envelope"], check=True)
        for suffix in (".content", ".envelope"):
            os.rename(stem + suffix, os.path.join(self.spool, "emailrelay.7") + suffix)
            os.chmod(os.path.join(self.spool, "emailrelay.7") + suffix, 0o666)
        sink = self.sink()
        code, _, err = self.one_shot(sink)
        self.assertEqual(0, code, err)
        self.assertEqual(["MAIL FROM:<erin@here.test>"], [c.split(" BODY")[0] for c in sink.starting("MAIL")])
        self.assertEqual(["RCPT TO:<dave@else.test>", "RCPT TO:<carol@there.test>"], [c.strip() for c in sink.starting("RCPT")])
        self.assertEqual([], self.files("emailrelay.*"))

    def test_edited_while_it_runs(self):
        sink = self.sink()
        self.start("--forward-to", sink.address, "--poll", "1", "--verbose")
        stem = self.spooled("emailrelay.1.1.1")
        other = self.sink()
        subprocess.run(["sed", "-i", "s/ForwardToAddress: .*/ForwardToAddress: %s/" % other.address, stem + ".envelope"], check=True)
        await_true(lambda: sink.messages or other.messages, "the message")

    def test_forward_to_address(self):
        sink, other = self.sink(), self.sink()
        stem = self.spooled("emailrelay.1.1.1")
        subprocess.run(
            ["sed", "-i", "s/\\(ForwardToAddress: \\).*/\\1%s/" % other.address, stem + ".envelope"], check=True
        )
        os.chmod(stem + ".envelope", 0o666)
        self.assertEqual(0, self.one_shot(sink)[0])
        self.assertEqual(([], 1), (sink.messages, len(other.messages)))

    def test_failing_an_edited_envelope(self):
        sink = self.sink(replies={"MAIL": "550 no"})
        stem = self.spooled("emailrelay.1.1.1")
        subprocess.run(["sed", "-i", "-e", "s/\\r$//", "-e", "s/bob@/dave@/", stem + ".envelope"], check=True)
        os.chmod(stem + ".envelope", 0o666)
        self.assertEqual(0, self.one_shot(sink)[0])
        bad = read(stem + ".envelope.bad")
        self.assertIn("To-Remote: dave@there.test", bad)
        self.assertIn("X-MailRelay-ReasonCode: 550", bad)

    def test_older_envelopes(self):
        late = {"MailFromAuthIn": 5, "MailFromAuthOut": 5, "ForwardTo": 6, "ForwardToAddress": 6, "Utf8MailboxNames": 7}
        late.update({"ClientCertificate": 4, "ClientAccountSelector": 8})
        for version in range(3, 9):
            stem = self.spooled("emailrelay.1.1.%d" % version)
            lines = read(stem + ".envelope").replace("#2821.8", "#2821.%d" % version).split("\r\n")
            kept = [line for line in lines if late.get(line[12:].split(":")[0], 0) <= version]
            if version == 4:
                kept.insert(kept.index("X-MailRelay-Client: 127.0.0.1") + 1, "X-MailRelay-ClientName: localhost")
            self.write(os.path.basename(stem) + ".envelope", "\r\n".join(kept))
        sink = self.sink()
        code, _, err = self.one_shot(sink)
        self.assertEqual((0, 6), (code, len(sink.messages)), err + str(os.listdir(self.spool)))

    def test_some_recipients(self):
        for some in (False, True):
            sink = self.sink(replies={"RCPT TO:<bad": "550 who", "RCPT TO:<bob": "250 ok"})
            stem = self.spooled("emailrelay.1.1.1", to=("bob@there.test", "bad@there.test"))
            self.assertEqual(0, self.one_shot(sink, *(["--forward-to-some"] if some else []))[0])
            self.assertEqual(1 if some else 0, len(sink.messages))
            bad = read(stem + ".envelope.bad")
            self.assertIn("one or more recipients rejected", bad)
            self.assertEqual(not some, "To-Remote: bob@there.test" in bad)
            self.assertIn("To-Remote: bad@there.test", bad)
            for path in glob.glob(stem + "*"):
                os.unlink(path)

    def test_no_remote_recipients(self):
        stem = self.spooled("emailrelay.1.1.1", to=())
        sink = self.sink()
        self.assertEqual(0, self.one_shot(sink)[0])
        self.assertIn("no remote recipients", read(stem + ".envelope.bad"))
        self.assertEqual([], sink.commands)

    def test_one_connection_for_all(self):
        for number in range(3):
            self.spooled("emailrelay.1.1.%d" % number)
        sink = self.sink()
        self.assertEqual(0, self.one_shot(sink)[0])
        self.assertEqual((1, 3), (sink.connections, len(sink.messages)))
