# Sourced, not run. Sets JAVA_HOME to a JDK 25 or newer, or says how to get one and exits with 3.
# It reads each JDK's `release` file and starts no JVM. A JAVA_HOME that is too old is passed over: many machines have one.
lanyard_wants=25
lanyard_major() { # prints the feature version of the JDK in $1
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}
lanyard_good() {
  lanyard_found=$(lanyard_major "$1") || return 1
  [ -n "$lanyard_found" ] && [ "$lanyard_found" -ge "$lanyard_wants" ]
}
lanyard_find_jdk() {
  for jdk in "${LANYARD_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    [ -n "$jdk" ] && lanyard_good "$jdk" && { echo "$jdk"; return; }
  done
  if javac=$(command -v javac 2>/dev/null); then
    while [ -L "$javac" ]; do
      link=$(readlink "$javac")
      case $link in /*) javac=$link ;; *) javac=$(dirname "$javac")/$link ;; esac
    done
    jdk=$(dirname "$(dirname "$javac")")
    lanyard_good "$jdk" && { echo "$jdk"; return; }
  fi
  [ -x /usr/libexec/java_home ] && jdk=$(/usr/libexec/java_home -v "$lanyard_wants+" 2>/dev/null) && lanyard_good "$jdk" && { echo "$jdk"; return; }
  for jdk in ${LANYARD_JDK_DIRS:-"$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
      "$HOME"/.asdf/installs/java/* "$HOME"/.gradle/jdks/* /usr/lib/jvm/* /opt/java/* /opt/jdk* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
      /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home}; do
    lanyard_good "$jdk" && { echo "$jdk"; return; }
  done
  return 1
}
if JAVA_HOME=$(lanyard_find_jdk); then
  export JAVA_HOME
else
  cat >&2 <<'T'
Lanyard needs a JDK 25 or newer and found none (looked at LANYARD_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm, SDKMAN, mise, asdf, Homebrew and IDE folders).

  Debian 13, Ubuntu 25.10+   sudo apt-get install openjdk-25-jdk-headless
  Fedora                     sudo dnf install java-25-openjdk-devel
  macOS                      brew install openjdk@25
  Windows                    winget install EclipseAdoptium.Temurin.25.JDK
  anywhere                   Eclipse Temurin 25 from adoptium.net, or: sdk install java 25-tem

Then run the same command again, or point JAVA_HOME at it.
T
  exit 3
fi
