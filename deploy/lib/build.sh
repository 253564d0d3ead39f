# Builds the distribution; sourced by bash scripts after ROOT is set to the top of the clone.

. "$ROOT/deploy/lib/jdk.sh"

readonly DIST=$ROOT/deploy/target/stagepost
readonly BUILD_LOG=$ROOT/deploy/target/build.log

# Runs Maven, or the wrapper where there is none, with a fitting JDK.
maven() {
  local home maven=mvn
  home=$(jdk_find) || return 1
  command -v mvn > /dev/null || maven=$ROOT/mvnw
  (cd "$ROOT" && JAVA_HOME=$home "$maven" -B "$@")
}

# Whether the distribution is missing or older than anything it is made of.
dist_outdated() {
  local mark=$DIST/lib/stagepost.built
  [[ -e $mark ]] || return 0
  [[ -n $(find "$ROOT"/pom.xml "$ROOT"/*/pom.xml "$ROOT"/*/src/main "$ROOT"/deploy/lib -newer "$mark" -print -quit) ]]
}

# Makes the distribution when it is outdated, quietly.
dist_build() {
  dist_outdated || return 0
  mkdir -p "$ROOT/deploy/target"
  echo "Building Stagepost (the first time takes some minutes; log: $BUILD_LOG) ..." >&2
  if ! maven -DskipTests -Dspotless.check.skip package > "$BUILD_LOG" 2>&1; then
    grep -m 20 '^\[ERROR\]' "$BUILD_LOG" >&2 || tail -20 "$BUILD_LOG" >&2
    echo "error: the build failed; the whole log is in $BUILD_LOG" >&2
    return 1
  fi
}
