"""Submits a message with smtplib: submit.py PORT FROM FILE TO..."""

import smtplib
import sys

port, sender, file, *recipients = sys.argv[1:]
with open(file, "rb") as content, smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.localdomain") as server:
    server.ehlo()
    message = content.read()
    options = ["SIZE=%d" % len(message)]
    if not message.isascii():
        options.append("BODY=8BITMIME")
    if not (sender + "".join(recipients)).isascii():
        options.append("SMTPUTF8")
        # As send_message does: from now on commands are written as UTF-8.
        server.command_encoding = "utf-8"
    refused = server.sendmail(sender, recipients, message, options)
    assert not refused, refused
