# Finds a JDK of version 21 or later; sourced by bash scripts.

readonly JDK_MINIMUM=21

# The feature version of the Java home $1, or nothing when it is not a JDK.
jdk_feature() {
  local key value
  [[ -x $1/bin/javac && -r $1/release ]] || return 0
  while IFS='=' read -r key value; do
    if [[ $key == JAVA_VERSION ]]; then
      value=${value//\"/}
      value=${value%%[.+-]*}
      [[ $value =~ ^[0-9]+$ ]] && echo "$value"
      return 0
    fi
  done < "$1/release"
}

# Prints the home of the JDK to use: JAVA_HOME when it is new enough, otherwise the newest one found.
jdk_find() {
  local home feature best='' best_feature=0 javac
  if [[ -n ${JAVA_HOME:-} ]]; then
    feature=$(jdk_feature "$JAVA_HOME")
    if [[ ${feature:-0} -ge $JDK_MINIMUM ]]; then
      echo "$JAVA_HOME"
      return 0
    fi
  fi
  javac=$(command -v javac 2>/dev/null) && javac=$(readlink -f "$javac") || javac=''
  for home in "${javac%/bin/javac}" /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/*j[dv][km]* /opt/* /opt/*/* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [[ -n $home && -d $home ]] || continue
    feature=$(jdk_feature "$home")
    if [[ ${feature:-0} -gt $best_feature ]]; then
      best=$home
      best_feature=$feature
    fi
  done
  if ((best_feature < JDK_MINIMUM)); then
    {
      echo "error: no JDK $JDK_MINIMUM or newer found in JAVA_HOME, PATH, /usr/lib/jvm, /opt, ~/.sdkman or ~/.jdks${best:+; the newest is $best}"
      echo "       install one (for instance from https://adoptium.net) or set JAVA_HOME"
    } >&2
    return 1
  fi
  echo "$best"
}
