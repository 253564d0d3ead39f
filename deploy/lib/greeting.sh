# Tells what deploy/run is about to do; sourced after options_read.

# A command that sends one message to $1, with a mail program of this machine.
greeting_command() {
  local message="From: you@example.com\r\nTo: friend@example.com\r\nSubject: first message\r\n\r\nHello from Stagepost.\r\n"
  if command -v curl > /dev/null && curl --version | grep -qw smtp; then
    echo "printf '$message' |"
    echo "    curl --url smtp://$1 --mail-from you@example.com --mail-rcpt friend@example.com --upload-file -"
  elif command -v swaks > /dev/null; then
    echo "printf '$message' |"
    echo "    swaks --server $1 --from you@example.com --to friend@example.com --data -"
  elif command -v python3 > /dev/null; then
    echo "printf '$message' |"
    echo "    python3 -c 'import smtplib, sys; smtplib.SMTP(\"$1\").sendmail(\"you@example.com\", \"friend@example.com\", sys.stdin.buffer.read())'"
  else
    echo "printf 'EHLO me\r\nMAIL FROM:<you@example.com>\r\nRCPT TO:<friend@example.com>\r\nDATA\r\n${message}.\r\nQUIT\r\n' |"
    echo "    bash -c 'exec 3<>/dev/tcp/${1/://}; cat >&3; cat <&3'"
  fi
}

greeting_print() {
  local spool=${OPTIONS_SPOOL:-$OPTIONS_VAR/spool}
  local address=${OPTIONS_HOST:-127.0.0.1}:${OPTIONS_PORT:-10025}
  local next="forwards nowhere (add --forward-to HOST:PORT to pass messages on)"
  local kept="It stays there as a pair of files, <id>.content (the message) and <id>.envelope (who it is from and for):"
  if [[ -n $OPTIONS_NEXT_HOP ]]; then
    next="forwards to $OPTIONS_NEXT_HOP"
    kept="It stays there until the next hop has taken it:"
  fi
  cat >&2 << END
Stagepost listens on $address, keeps messages in
    $spool
and $next. Ctrl-C stops it.

To send it a message, in another terminal:
    $(greeting_command "$address")

$kept
    ls -l $spool

END
}
