"""Fetches all messages by POP3: fetch.py <port> <clear|stls|tls> <user|apop> <keep|delete> <authority> <file>"""

import poplib
import ssl
import sys

port, way, login, action, authority, path = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
if way == "tls":
    pop = poplib.POP3_SSL("localhost", int(port), context=context, timeout=60)
else:
    pop = poplib.POP3("localhost", int(port), timeout=60)
if way == "stls":
    pop.stls(context=context)
assert "UIDL" in pop.capa()
if login == "apop":
    pop.apop("alice", "e=mc2")
else:
    pop.utf8()
    pop.user("alice")
    pop.pass_("e=mc2")
count, octets = pop.stat()
assert len(pop.list()[1]) == count
assert len(set(pop.uidl()[1])) == count
with open(path, "wb") as out:
    for number in range(1, count + 1):
        head = pop.top(number, 0)[1]
        lines = pop.retr(number)[1]
        assert lines[: len(head)] == head, (head, lines)
        out.write(b"\r\n".join(lines) + b"\r\n")
        if action == "delete":
            pop.dele(number)
pop.quit()
