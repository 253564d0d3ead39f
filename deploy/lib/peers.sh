# The mail programs that the tests talk to; sourced by bash scripts. Sets PEERS_MAVEN, the options for Maven.

# Debian package : program that shows that it is there : tag of the tests that need it.
readonly PEERS="
swaks:swaks:swaks
openssl:openssl:openssl
curl:curl:curl
msmtp:msmtp:msmtp
s-nail:s-nail:s-nail
postfix:/usr/sbin/postfix:postfix
python3:python3:python
dovecot-core:/usr/sbin/dovecot:dovecot
openssh-server:/usr/sbin/sshd:socks
openssh-client:ssh:socks
microsocks:microsocks:socks
iproute2:ip:iproute2
php-cli:php:php
cron:/usr/sbin/cron:cron
fail2ban:fail2ban-regex:fail2ban
mpop:mpop:mpop
fetchmail:fetchmail:fetchmail
getmail6:getmail:getmail
mutt:mutt:mutt
chromium:chromium:chromium
chromium-driver:chromedriver:chromium
"
# Those whose tests root only can run.
readonly PEERS_OF_ROOT="postfix dovecot socks iproute2 pam"
PEERS_MAVEN=()

# Prints the entries of PEERS whose program is missing.
peers_missing() {
  local peer program
  for peer in $PEERS; do
    program=${peer#*:}
    command -v "${program%:*}" > /dev/null || echo "$peer"
  done
}

# Installs packages without starting their daemons or asking anything.
peers_apt() {
  local policy=/usr/sbin/policy-rc.d made=no status=0
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    made=yes
  fi
  export DEBIAN_FRONTEND=noninteractive
  # An index that is there may do, and asking for a new one takes its time.
  apt-get install -y -q --no-install-recommends "$@" > "$ROOT/deploy/target/apt.log" 2>&1 ||
    { apt-get update -q && apt-get install -y -q --no-install-recommends "$@"; } >> "$ROOT/deploy/target/apt.log" 2>&1 ||
    status=$?
  [[ $made == no ]] || rm -f "$policy"
  return $status
}

# Makes the programs available as far as possible.
peers_install() {
  local missing peer packages=() tags=()
  missing=$(peers_missing)
  mkdir -p "$ROOT/deploy/target"
  if [[ -n $missing && $(id -u) -eq 0 ]]; then
    for peer in $missing; do packages+=("${peer%%:*}"); done
    command -v apt-get > /dev/null ||
      { echo "error: the tests need ${packages[*]}, and there is no apt-get to install them" >&2; return 1; }
    echo "Installing ${packages[*]} for the tests ..." >&2
    peers_apt "${packages[@]}" ||
      { tail -20 "$ROOT/deploy/target/apt.log" >&2; echo "error: can't install ${packages[*]}" >&2; return 1; }
    missing=$(peers_missing)
    [[ -z $missing ]] || { echo "error: still missing after installation: $missing" >&2; return 1; }
  fi
  for peer in $missing; do
    tags+=("${peer##*:}")
    echo "Leaving out the tests tagged ${peer##*:}: ${peer%%:*} is not installed (as root, this script installs it)." >&2
  done
  if [[ $(id -u) -ne 0 ]]; then
    for tag in $PEERS_OF_ROOT; do
      [[ " ${tags[*]} " != *" $tag "* ]] || continue
      tags+=("$tag")
      echo "Leaving out the tests tagged $tag: they need root." >&2
    done
  fi
  ((${#tags[@]} == 0)) || PEERS_MAVEN=("-DexcludedGroups=$(IFS='|'; echo "${tags[*]}")")
}
