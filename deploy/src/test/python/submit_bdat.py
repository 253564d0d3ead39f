"""Submits a message in chunks (RFC 3030), pipelined: submit_bdat.py PORT FROM FILE TO..."""

import smtplib
import sys

port, sender, file, *recipients = sys.argv[1:]
CHUNKS = 7

with open(file, "rb") as content, smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.localdomain") as server:
    server.ehlo()
    assert server.has_extn("CHUNKING"), server.esmtp_features
    message = content.read()
    server.command_encoding = "utf-8"
    utf8 = "" if (sender + "".join(recipients)).isascii() else " SMTPUTF8"
    assert server.docmd("MAIL", f"FROM:<{sender}> BODY=8BITMIME{utf8}")[0] == 250
    for recipient in recipients:
        assert server.docmd("RCPT", f"TO:<{recipient}>")[0] == 250
    # Boundaries fall anywhere, also between CR and LF.
    size = len(message) // CHUNKS + 1
    chunks = [message[i:i + size] for i in range(0, len(message), size)]
    for chunk in chunks:
        server.send(b"BDAT %d\r\n" % len(chunk) + chunk)
    server.send(b"BDAT 0 LAST\r\n")
    for _ in range(len(chunks) + 1):
        code, text = server.getreply()
        assert code == 250, (code, text)
