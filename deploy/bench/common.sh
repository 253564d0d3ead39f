# Starting, measuring and ending what the benchmarks run; sourced by bash scripts after ROOT is set.

. "$ROOT/deploy/lib/build.sh"
PATH=$PATH:/usr/sbin

# Everything on one file system, that of BENCH_DIR, so that all sync to the same disk. On ext4 without a journal, making a
# file takes longer the more files were removed near it in the last minutes, by an earlier run for instance: the flag T has
# the directories of each run begun away from those of others.
: "${BENCH_DIR:=$ROOT/deploy/target/bench}"
mkdir -p "$BENCH_DIR"
chattr +T "$BENCH_DIR" 2> /dev/null || true
WORK=$(mktemp -d "$BENCH_DIR/XXXXXX")
PIDS=()
POSTFIXES=()
# Files end up with 5,000 connections and more.
ulimit -n "$(ulimit -Hn)"

bench_finish() {
  local it
  for it in "${PIDS[@]}"; do kill "$it" 2> /dev/null || true; done
  for it in "${POSTFIXES[@]}"; do "$ROOT/deploy/lib/postfix" stop "$it" || true; done
  wait
  rm -rf "$WORK"
}
trap bench_finish EXIT

# Nothing ever comes from it.
exec {QUIET}<> <(:)

# Microseconds.
now() { echo "${EPOCHREALTIME/[.,]/}"; }

# A port that was free a moment ago.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }
  done
}

# The middle one of its arguments, which are whole numbers.
median() { printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"; }

# Starts bin/stagepost with a spool in WORK/$1; sets RELAY_PID, RELAY_PORT and RELAY_START (microseconds to listening). It
# logs to a file, as Postfix does.
relay_start() {
  local name=$1 began text
  shift
  mkdir -p "$WORK/$name"
  : > "$WORK/$name.log"
  began=$(now)
  "$DIST/bin/stagepost" --no-daemon --log --domain bench.localdomain --interface 127.0.0.1 --port 0 \
    --spool-dir "$WORK/$name" "$@" > /dev/null 2> "$WORK/$name.log" < /dev/null &
  RELAY_PID=$!
  PIDS+=("$RELAY_PID")
  RELAY_PORT=''
  while [[ -z $RELAY_PORT ]]; do
    IFS= read -r -d '' text < "$WORK/$name.log" || true
    if [[ $text =~ 'smtp server on 127.0.0.1:'([0-9]+) ]]; then
      RELAY_START=$(($(now) - began))
      RELAY_PORT=${BASH_REMATCH[1]}
    else
      kill -0 "$RELAY_PID" || { echo "$text" >&2; echo "error: the relay did not start" >&2; return 1; }
      # Not by sleep: making a process each time takes time from the start that is measured.
      read -r -t 0.003 -u "$QUIET" || true
    fi
  done
}

# Ends the relay of the last relay_start in good order.
relay_stop() {
  kill "$RELAY_PID"
  wait "$RELAY_PID" || true
}

# Starts Postfix in WORK/$1; sets POSTFIX_PORT. Further arguments are those of deploy/lib/postfix.
postfix_start() {
  local name=$1
  shift
  POSTFIX_PORT=$(free_port)
  mkdir -p "$WORK/$name"
  : > "$WORK/$name.log"
  # Its processes run as another user and have to reach the directory.
  chmod 755 "$WORK" "$WORK/$name"
  "$ROOT/deploy/lib/postfix" start "$WORK/$name" "$POSTFIX_PORT" "$@"
  POSTFIXES+=("$WORK/$name")
}

# Starts a counting sink; sets SINK_PORT.
sink_start() {
  SINK_PORT=$(free_port)
  smtp-sink -u postfix -c "127.0.0.1:$SINK_PORT" 1000 > "$WORK/sink.$SINK_PORT" 2> "$WORK/sink.log" < /dev/null &
  PIDS+=($!)
  until (exec 3<> "/dev/tcp/127.0.0.1/$SINK_PORT") 2> /dev/null; do
    kill -0 "${PIDS[-1]}" || { cat "$WORK/sink.log" >&2; return 1; }
    sleep 0.02
  done
}

# How many messages the sink has.
sink_count() {
  local tail
  tail=$(tail -c 100 "$WORK/sink.$SINK_PORT" | tr '\r' '\n' | sed -n 's/.*mesg=\([0-9]*\) *$/\1/p' | tail -1)
  echo "${tail:-0}"
}

# Waits until the sink has $1 messages.
sink_await() {
  local last=-1 count idle=0
  while count=$(sink_count) && ((count < $1)); do
    if ((count == last)); then idle=$((idle + 1)); else idle=0; fi
    ((idle < 1200)) || { echo "error: the sink has $count of $1 messages and gets no more" >&2; return 1; }
    last=$count
    sleep 0.05
  done
}

# Sends $2 messages to the port $1; "kept" as $3 sends them over kept connections.
load() {
  local kept=()
  [[ $3 == kept ]] && kept=(-d)
  smtp-source "${kept[@]}" -s "$SESSIONS" -m "$2" -l "$SIZE" -f a@example.com -t b@example.com "127.0.0.1:$1"
}

# Kilobytes of resident memory of the process $1.
resident() { sed -n 's/^VmRSS:[ \t]*\([0-9]*\) kB/\1/p' "/proc/$1/status"; }
