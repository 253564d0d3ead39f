"""Start, background, pid file, exit codes, signals and files."""

import os
import signal
import subprocess
import unittest

from harness import LIMIT, Case, await_true, is_alive, read

IS_ROOT = os.getuid() == 0


class Process(Case):
    def test_help_and_version(self):
        for option in ("--help", "--version"):
            code, out, err = self.run_relay(option)
            self.assertEqual((0, ""), (code, err))
            self.assertTrue(out)
        _, out, _ = self.run_relay("--version")
        self.assertTrue(out.startswith("E-MailRelay V"), out)
        _, out, _ = self.run_relay("--version", "--verbose")
        self.assertIn("Unix domain sockets: enabled", out)
        self.assertIn("Multi-threading: enabled", out)

    def test_starts_and_stops_without_a_word(self):
        pid = self.start()
        self.await_log("smtp server on 127.0.0.1:")
        self.stop(pid)
        self.assertFalse(os.path.exists(self.pid_file))
        self.assert_clean_log()

    def test_background_process_is_on_its_own(self):
        pid = self.start()
        self.assertEqual("/", os.readlink("/proc/%d/cwd" % pid))
        for descriptor in (0, 1):
            self.assertEqual("/dev/null", os.readlink("/proc/%d/fd/%d" % (pid, descriptor)))
        self.assertNotEqual(os.getsid(0), os.getsid(pid))
        self.assertIn("Umask:\t0007", read("/proc/%d/status" % pid))

    def test_relative_paths_belong_to_the_start_directory(self):
        result = self.run_relay(
            "--log", "--log-file", "log", "--pid-file", "pid", "--spool-dir", "spool", "--domain", "d.test",
            "--port", "0", "--interface", "127.0.0.1", cwd=self.directory,
        )  # fmt: skip
        self.assertEqual((0, ""), (result[0], result[1]))
        self.pids.append(int(read(self.pid_file)))
        self.submit()
        self.one("*.envelope")

    def test_file_modes(self):
        self.start()
        self.submit()
        modes = {path: os.stat(path).st_mode & 0o777 for path in (self.log, self.pid_file)}
        self.assertEqual({self.log: 0o660, self.pid_file: 0o644}, modes)
        for path in self.files("emailrelay.*"):
            self.assertEqual(0o660, os.stat(path).st_mode & 0o777, path)

    def test_close_stderr(self):
        pid = self.start("--close-stderr")
        self.assertEqual("/dev/null", os.readlink("/proc/%d/fd/2" % pid))

    def test_taken_port_is_told_with_code_2(self):
        pid = self.start()
        port = str(self.port())
        other = [word if word != self.log else self.log + "2" for word in self.words("--port", port, "--interface", "127.0.0.1")]
        for ground in ([], ["--no-daemon"]):
            code, out, err = self.run_relay(*other, *ground)
            self.assertEqual((2, ""), (code, out))
            self.assertRegex(err, "^emailrelay: error: .*127.0.0.1:" + port)
        self.assertEqual("%d\n" % pid, read(self.pid_file))
        self.assertTrue(is_alive(pid))

    def test_start_errors_reach_the_terminal(self):
        os.rmdir(self.spool)
        code, out, err = self.run_relay(*self.words("--port", "0"))
        self.assertEqual((1, ""), (code, out))
        self.assertIn("emailrelay: error: ", err)
        self.assertIn(self.spool, err)
        self.assertFalse(os.path.exists(self.pid_file))

    def test_usage_errors(self):
        for wrong in (["--no-such-option"], ["--port", "--log"], ["--poll", "0"], ["a.conf", "b.conf"]):
            code, out, err = self.run_relay(*wrong)
            self.assertEqual((1, ""), (code, out))
            self.assertTrue(err.startswith("emailrelay: "), err)

    def test_signals_end_it_with_their_code(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            process, _ = self.foreground("--pid-file", self.pid_file, "--port", "0", "--interface", "127.0.0.1")
            await_true(lambda: os.path.exists(self.pid_file), "the pid file")
            process.send_signal(signal.SIGUSR1)
            process.send_signal(number)
            self.assertEqual(128 + number, process.wait(LIMIT))
            self.assertFalse(os.path.exists(self.pid_file))

    def test_signals_end_it_in_the_background(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self.stop(self.start(), number)
            self.assertFalse(os.path.exists(self.pid_file))

    def test_pid_file_of_another_is_kept(self):
        pid = self.start()
        os.unlink(self.pid_file)
        with open(self.pid_file, "w") as file:
            file.write("1\n")
        self.stop(pid)
        self.assertEqual("1\n", read(self.pid_file))

    def test_pid_files_directory_is_made(self):
        self.pid_file = os.path.join(self.directory, "run", "pid")
        self.stop(self.start())
        self.assertEqual([], os.listdir(os.path.dirname(self.pid_file)))

    def test_nothing_to_send(self):
        for options in (["--as-client", "127.0.0.1:9"], ["--dont-serve", "--forward", "--forward-to", "127.0.0.1:9"]):
            code, out, err = self.run_relay("--spool-dir", self.spool, "--domain", "d.test", *options)
            self.assertEqual((0, "", "emailrelay: no messages to send\n"), (code, out, err))

    def test_nothing_to_do(self):
        code, out, err = self.run_relay("--spool-dir", self.spool, "--domain", "d.test", "--dont-serve")
        self.assertEqual((0, "", "emailrelay: nothing to do\n"), (code, out, err))

    def test_one_shot_that_cannot_connect(self):
        self.spooled("emailrelay.1.1.1")
        code, _, err = self.run_relay("--spool-dir", self.spool, "--domain", "d.test", "--as-client", "127.0.0.1:9")
        self.assertEqual(1, code)
        self.assertIn("cannot connect to 127.0.0.1:9", err)
        self.assertEqual(1, err.count("emailrelay: error: "), err)
        self.one("emailrelay.1.1.1.envelope")

    def test_configuration_file_decides_where_it_runs(self):
        for background in (False, True):
            conf = os.path.join(self.directory, "emailrelay.conf")
            lines = ["log", "log-file " + self.log, "pid-file " + self.pid_file, "spool-dir " + self.spool, "port 0"]
            lines += ["interface 127.0.0.1", "domain d.test"] + ([] if background else ["no-daemon"])
            with open(conf, "w") as file:
                file.write("\n".join(lines) + "\n")
            os.chmod(conf, 0o644)
            if background:
                self.assertEqual((0, "", ""), self.run_relay(conf))
                self.stop(int(read(self.pid_file)))
            else:
                process = subprocess.Popen([os.path.join(os.environ["STAGEPOST_HOME"], "bin", "emailrelay"), conf])
                self.pids.append(process.pid)
                await_true(lambda: os.path.exists(self.pid_file) and read(self.pid_file), "the pid file")
                self.assertEqual(process.pid, int(read(self.pid_file)))
                process.terminate()
                self.assertEqual(143, process.wait(LIMIT))

    @unittest.skipUnless(IS_ROOT, "only root can become another user")
    def test_root_becomes_an_ordinary_user(self):
        pid = self.start()
        status = read("/proc/%d/status" % pid)
        self.assertRegex(status, r"Uid:\t(\d+)\t\1\t\1\t\1\n")
        self.assertNotIn("Uid:\t0\t", status)
        self.assertIn("Groups:\t \n", status)
        # Nothing of root's is left but the right to listen on low ports.
        self.assertRegex(status, r"CapEff:\t0{13}[04]00\n")
        self.submit()
        owner = os.stat(self.one("*.envelope"))
        self.assertEqual(os.stat("/proc/%d" % pid).st_gid, owner.st_gid)
        self.assertEqual(owner.st_gid, os.stat(self.pid_file).st_gid)

    @unittest.skipUnless(IS_ROOT, "only root can become another user")
    def test_root_prepares_files_that_the_user_cannot_make(self):
        os.chmod(self.directory, 0o755)
        pid = self.start()
        self.assertEqual(pid, int(read(self.pid_file)))
        self.stop(pid)
        self.assertEqual("", read(self.pid_file))

    @unittest.skipUnless(IS_ROOT, "only root can become another user")
    def test_spool_that_the_user_cannot_use_is_told(self):
        os.chmod(self.spool, 0o700)
        code, _, err = self.run_relay(*self.words("--port", "0"))
        self.assertEqual(1, code)
        self.assertIn("daemon", err)
        self.assertIn(self.spool, err)
        self.assertIn("chown", err)
