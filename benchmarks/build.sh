# Sourced by run, http, jdbc and tasks, not run. Wants $here, $root and a JDK; builds the Java side if it is out of date, and finds Go.

jar=$here/target/benchmarks.jar
if [ ! -f "$jar" ] || [ -n "$(find "$root/pom.xml" "$root/context/pom.xml" "$root/context/src/main" "$root/http/src/main" "$root/vertx/src/main" \
    "$root/gateway/src/main" "$root/jdbc/src/main" "$root/databases/src/main" "$root/tasks/src/main" "$root/durable/src/main" "$here/pom.xml" "$here/src/main" -newer "$jar" 2>/dev/null | head -n 1)" ]; then
  echo "building the Java side ..." >&2
  mkdir -p "$here/target"
  log=$here/target/build.log
  (cd "$root" && mvn -B -ntp -q -Dmaven.test.skip=true -Dmaven.javadoc.skip=true -Dspotless.check.skip=true -Denforcer.skip=true -pl benchmarks -am package) >"$log" 2>&1 </dev/null || {
    cat "$log" >&2
    exit 1
  }
fi

find_go() { # the first that is new enough
  for go in "${GO:-}" go /usr/lib/go-1.27/bin/go /usr/local/go/bin/go; do
    case $(GOTOOLCHAIN=local "${go:-none}" version 2>/dev/null) in
      *" go1.2"[789]* | *" go1."[3-9][0-9]*) echo "$go"; return ;;
    esac
  done
}

no_go() {
  cat >&2 <<T
There is no Go 1.27 here, so Java is measured alone. To compare, install it and run this again:

  Debian    golang-1.27-go and golang-1.27-src from trixie-backports
  anywhere  the archive for your system from https://go.dev/dl/, unpacked to /usr/local

or say where it is: GO=/path/to/bin/go $0
T
}
