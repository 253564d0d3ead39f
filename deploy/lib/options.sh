# Reads the relay's options as far as deploy/run's defaults depend on them; sourced by bash scripts.

# Where relative paths of the command line belong.
readonly OPTIONS_DIRECTORY=$PWD
# What is kept between runs, unless an option says where.
readonly OPTIONS_VAR=${STAGEPOST_VAR:-$ROOT/deploy/var}

# Sets OPTIONS_PLAIN (yes: a file or the kind of run says it all), OPTIONS_HOST, OPTIONS_PORT, OPTIONS_SPOOL and
# OPTIONS_NEXT_HOP (empty when not given), OPTIONS_HTTP (no, or given), and the lists OPTIONS_DAEMON and OPTIONS_DEFAULT of defaults to add. An option of
# the command line replaces its default, as a single-valued option given twice is an error and a list would grow.
options_read() {
  local word value previous=''
  OPTIONS_PLAIN=no OPTIONS_HOST='' OPTIONS_PORT='' OPTIONS_SPOOL='' OPTIONS_NEXT_HOP='' OPTIONS_HTTP=no OPTIONS_DAEMON=()
  local daemon='' log=''
  for word in "$@" ''; do
    value=$word
    case $previous in
      --interface | -I) OPTIONS_HOST=$value ;;
      --port | -p) OPTIONS_PORT=$value ;;
      --spool-dir | -s) OPTIONS_SPOOL=$value ;;
      --forward-to | -o) OPTIONS_NEXT_HOP=$value ;;
    esac
    value=${word#*=}
    case $word in
      --config | --config=* | --help | -h | --version | -V | -hv | -Vv | --as-client* | -q | --dont-serve | -x | --no-smtp | -X) OPTIONS_PLAIN=yes ;;
      --as-proxy=*) OPTIONS_NEXT_HOP=$value log=yes ;;
      --as-proxy | -y | --as-server | -d) log=yes ;;
      --interface=*) OPTIONS_HOST=$value ;;
      --port=*) OPTIONS_PORT=$value ;;
      --spool-dir=*) OPTIONS_SPOOL=$value ;;
      --forward-to=*) OPTIONS_NEXT_HOP=$value ;;
      --http-port | --http-port=*) OPTIONS_HTTP=given ;;
      --no-daemon | -t) daemon=given ;;
      --log | -l) log=given ;;
      *.conf) [[ -n $word && -f $word ]] && OPTIONS_PLAIN=yes ;;
    esac
    previous=$word
  done
  [[ -n $daemon ]] || OPTIONS_DAEMON=(--no-daemon)
  OPTIONS_DEFAULT=("${OPTIONS_DAEMON[@]}")
  [[ -n $log ]] || OPTIONS_DEFAULT+=(--log)
  [[ -n $OPTIONS_HOST ]] || OPTIONS_DEFAULT+=(--interface 127.0.0.1)
  [[ -n $OPTIONS_PORT ]] || OPTIONS_DEFAULT+=(--port 10025)
  [[ -n $OPTIONS_SPOOL ]] || OPTIONS_DEFAULT+=(--spool-dir "$OPTIONS_VAR/spool")
}
