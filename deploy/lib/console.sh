# The console that deploy/run serves; sourced after options_read.

# For browsers, which refuse 10080 (Fetch standard, "bad ports"), and for programs.
readonly CONSOLE_PORT=10081
readonly CONSOLE_API_PORT=10080
readonly CONSOLE_ACCOUNTS=$OPTIONS_VAR/console.accounts
readonly CONSOLE_USERS=$OPTIONS_VAR/console.users

# Adds the console's options to OPTIONS_DEFAULT unless others are given, and tells where it is; makes the first account.
console_prepare() {
  [[ $OPTIONS_HTTP == no ]] || return 0
  local port
  for port in "$CONSOLE_PORT" "$CONSOLE_API_PORT"; do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "Something listens on 127.0.0.1:$port already: no console here (add --http-port for another port)." >&2
      return 0
    fi
  done
  local password=''
  mkdir -p "$OPTIONS_VAR"
  if [[ ! -s $CONSOLE_USERS || ! -s $CONSOLE_ACCOUNTS ]]; then
    password=$(head -c 15 /dev/urandom | base64 | tr '+/' 'xy')
    (
      umask 077
      echo "$password" | "$DIST/bin/stagepost" passwd --file "$CONSOLE_ACCOUNTS" --user admin > /dev/null
      echo "admin admin" > "$CONSOLE_USERS"
    )
  fi
  OPTIONS_DEFAULT+=(--http-port "$CONSOLE_PORT,$CONSOLE_API_PORT" --http-auth "$CONSOLE_ACCOUNTS" --http-users "$CONSOLE_USERS")
  {
    echo "The console is at http://127.0.0.1:$CONSOLE_PORT/"
    echo "    and, for programs, at port $CONSOLE_API_PORT, which browsers refuse"
    if [[ -n $password ]]; then
      echo "    user admin, password $password"
      echo "    which is shown this once; to set another:"
      echo "    $DIST/bin/stagepost passwd --file $CONSOLE_ACCOUNTS --user admin"
    fi
    echo
  } >&2
}
