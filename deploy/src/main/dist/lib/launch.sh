# How the relay's process is launched; sourced by the commands in bin, which have set program, home and lib.

# Sets ground (foreground, background, or unknown when a file decides), user, pid_file and log_file from the command line,
# as far as it says. A word that may be a configuration file makes everything unknown: then the relay itself is asked.
launch_words() {
  ground=background user='' pid_file='' log_file='' previous='' before=''
  case $program in emailrelay-passwd) ground=print; return ;; esac
  case ${1:-} in
    [!-]*) case $program in stagepost*) ground=foreground; return ;; esac ;;
  esac
  for word in "$@"; do
    case $previous in
      --user | -u) user=$word ;;
      --pid-file | -i) [ -n "$pid_file" ] || pid_file=$word ;;
      --log-file | -N) log_file=$word ;;
    esac
    case $word in
      --config | --config=* | --no-daemon=* | --?*-no-daemon | --?*-as-client | --?*-as-client=* | --?*-user | --?*-user=*)
        ground=unknown
        return
        ;;
      --help | --version | --help=* | --version=*) ground=print; return ;;
      --no-daemon | --as-client | --as-client=*) ground=foreground ;;
      --user=*) user=${word#*=} ;;
      --pid-file=*) [ -n "$pid_file" ] || pid_file=${word#*=} ;;
      --log-file=*) log_file=${word#*=} ;;
      --*) ;;
      -*[hV]*) ground=print; return ;;
      -*[tq]*) ground=foreground ;;
    esac
    before=$previous previous=$word
  done
  case $previous in
    -* | '') ;;
    *) case $before in
      # The value of one of these is no configuration file, whatever there is at its path.
      --log-file | -N | --pid-file | -i | --spool-dir | -s | --port | -p | --forward-to | -o) ;;
      *) case $previous in @app*) ground=unknown ;; *) [ -f "$previous" ] && ground=unknown ;; esac ;;
    esac ;;
  esac
  # Drop-in commands that root starts become an ordinary user's.
  case $program in
    stagepost*) ;;
    *) [ -n "$user" ] || user=daemon ;;
  esac
  [ -z "$user" ] || case $pid_file in *,*) pid_file=${pid_file%%,*} ;; esac
  case $pid_file in @app*) pid_file=$home${pid_file#@app} ;; esac
  case $log_file in @app*) log_file=$home${log_file#@app} ;; esac
}

# Whether the command only puts messages into the spool.
launch_submits() {
  case $program in
    emailrelay-submit | sendmail) ;;
    stagepost) case ${1:-} in submit | sendmail) ;; *) return 1 ;; esac ;;
    *) return 1 ;;
  esac
}

launch_plan() {
  cache=stagepost terminal=''
  if launch_submits "$@"; then
    # It stays who it is, and has a cache of its own, as it needs little of what the relay needs.
    ground=print user='' cache=stagepost-submit
    [ ! -t 0 ] || terminal=-Dstagepost.terminal=yes
    return
  fi
  launch_words "$@"
  case $program:${1:-} in
    stagepost:queue | stagepost:show | stagepost:trace | stagepost:retry | stagepost:hold | stagepost:release | \
      stagepost:delete | stagepost:forward | stagepost:flush | stagepost:stats | stagepost:events) cache=stagepost-operator ;;
  esac
  # The process that was started in the background already.
  [ -z "${STAGEPOST_START_DIRECTORY:-}" ] || [ "$ground" != background ] || ground=foreground
}

# Asks the relay, which the arguments start, for what launch_words could not see. Its errors are the command's.
launch_ask() {
  machine=$1
  shift
  plan=$("$machine" -Dstagepost.plan=yes "$@") || exit $?
  {
    IFS= read -r ground
    IFS= read -r user
    IFS= read -r pid_file
    IFS= read -r log_file
  } << END
$plan
END
  [ -z "${STAGEPOST_START_DIRECTORY:-}" ] || [ "$ground" != background ] || ground=foreground
}

launch_fail() {
  echo "$program: error: $1" >&2
  exit 1
}

# Runs a command as the user, with nothing of root's but the right to listen on ports below 1024, or without even that
# where root hasn't got it, as in some containers.
as_user() {
  # shellcheck disable=SC2086 # several options in one variable
  setpriv --reuid "$uid" --regid "$gid" --clear-groups $capabilities -- "$@"
}

# Whether the user, not root, has the right $1 (r, w, x) to a path.
user_may() {
  as_user test "-$1" "$2"
}

# Lets the user write a file of root's directory: the file is made there, as the user's own. Nothing is touched in a
# directory that the user can write, where root might be made to follow a link.
hand_over() {
  case $1 in */*) directory=${1%/*} ;; *) directory=. ;; esac
  if [ ! -d "${directory:=/}" ]; then
    mkdir -- "$directory" 2> /dev/null && chown "$uid:$gid" -- "$directory" && chmod 755 -- "$directory"
  elif ! user_may w "$directory" && [ ! -h "$1" ]; then
    : >> "$1" && chown "$uid:$gid" -- "$1" && chmod "$2" -- "$1"
  fi
}

# Prepares to give up being root.
launch_switch() {
  command -v setpriv > /dev/null || launch_fail "cannot run as \"$user\": there is no setpriv command (package util-linux); \
\"--user root\" stays root"
  uid=$(id -u -- "$user" 2> /dev/null) && gid=$(id -g -- "$user" 2> /dev/null) || launch_fail "no such user: \"$user\""
  capabilities='--inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service --bounding-set=-all,+net_bind_service'
  as_user true 2> /dev/null || capabilities='--inh-caps=-all'
  user_may x "$1" && user_may r "$lib/stagepost.jar" ||
    launch_fail "user \"$user\" cannot read $home or $1: move them, or give \"--user root\""
  [ -z "$pid_file" ] || hand_over "$pid_file" 644
  case $log_file in
    '' | *%*) ;;
    *) hand_over "$log_file" 660 ;;
  esac
}

# Starts the arguments in a session of their own and waits until they are up.
launch_background() {
  pipe=$(mktemp -d) && mkfifo "$pipe/up" || launch_fail "cannot make a temporary directory"
  export STAGEPOST_START_DIRECTORY="$PWD"
  # A shell lets what it starts in the background ignore these, and the relay would go on ignoring them.
  ! env --default-signal=INT,QUIT true 2> /dev/null || set -- env --default-signal=INT,QUIT "$@"
  (cd / && exec setsid "$@" < /dev/null > "$pipe/up") &
  started=$!
  said=''
  read -r said < "$pipe/up"
  rm -rf "$pipe"
  [ "$said" = up ] && exit 0
  wait "$started"
  exit $?
}

# Runs the relay, which the arguments start, where and as whom it is to run.
launch() {
  # Has no meaning, and so must do no harm.
  trap '' USR1
  [ "$ground" != unknown ] || launch_ask "$@"
  if [ -n "$user" ] && [ "$user" != root ] && [ "$ground" != print ] && [ "$(id -u)" = 0 ]; then
    launch_switch "$1"
    # shellcheck disable=SC2086 # several options in one variable
    set -- setpriv --reuid "$uid" --regid "$gid" --clear-groups $capabilities -- "$@"
  fi
  [ "$ground" != background ] || launch_background "$@"
  exec "$@"
}
