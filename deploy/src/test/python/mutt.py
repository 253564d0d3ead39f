"""Fetches with mutt, which needs a terminal: port, way, login, action, authority, file for what was fetched."""

import os
import pty
import select
import signal
import sys
import time

LIMIT = 60


def settings(home, port, way, login, action, authority, target):
    scheme = "pops" if way == "tls" else "pop"
    # A hook, as keys that are pushed earlier are lost while the mailbox is opened.
    command = "<copy-message>" if action == "keep" else "<save-message>"
    return "\n".join(
        [
            'set pop_user="alice" pop_pass="e=mc2" pop_authenticators="%s"' % login,
            'set spoolfile="%s://localhost:%s" folder="%s"' % (scheme, port, home),
            "set ssl_starttls=%s ssl_force_tls=%s" % (("no", "no") if way == "clear" else ("yes", "yes")),
            'set certificate_file="%s"' % authority,
            "set quit=yes delete=yes pop_delete=yes move=no confirmappend=no confirmcreate=no wait_key=no",
            "folder-hook . 'push %s<kill-line>%s<enter><quit>'" % (command, target),
            "",
        ]
    )


def drive(home, file):
    """Its exit code and what it showed."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm", HOME=home)
        os.execvp("mutt", ["mutt", "-n", "-F", file])
    shown = b""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                some = os.read(terminal, 4096)
            except OSError:
                some = b""
            if not some:
                return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown
            shown += some
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return 1, shown + b"\nit does not end\n"


if __name__ == "__main__":
    port, way, login, action, authority, target = sys.argv[1:]
    home = os.path.dirname(target)
    file = os.path.join(home, "muttrc")
    with open(file, "w") as out:
        out.write(settings(home, port, way, login, action, authority, target))
    code, shown = drive(home, file)
    if code or not os.path.exists(target):
        sys.exit(shown.decode("utf-8", "replace"))
