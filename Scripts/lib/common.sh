# What every script here shares: where the project is, what Debian packages it needs, how it speaks.
# Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# Packages to build with, and packages that only tests and demonstrations need.
build_packages="libosip2-dev libexpat1-dev libcurl4-openssl-dev libc-ares-dev libspeexdsp-dev libssl-dev pkg-config \
  libc6-dev gcc g++ binutils"
lua_packages="liblua5.1-0-dev libluajit-5.1-dev liblua5.3-dev liblua5.4-dev lua5.1 luajit lua5.3 lua5.4"
test_packages="sip-tester kamailio kamailio-lua-modules dnsmasq-base baresip-core libspandsp2 libmpg123-0 lame python3 sngrep"

# need PACKAGE…: installs what is missing, with one line about it; nothing is asked when all is there.
need() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed' \
      || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  say "installing from Debian: ${missing[*]}"
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update \
    && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "could not install ${missing[*]}; install them by hand and run this again"
  fi
  rm -f "$log"
}

need_swift() {
  command -v swift >/dev/null || die "Swift 6.3 is needed: https://www.swift.org/install"
  forget_moved_builds
}

# What was built knows the folder it was built in, and is of no use in a copy of the checkout, or where that was moved to
# ("missing required module 'SwiftShims'"): it is built anew.
forget_moved_builds() {
  local manifest folder
  for manifest in "$root"/.build/{,*/,*/*/}{debug,release}.yaml; do
    [ -f "$manifest" ] || continue
    ! grep -qF "$root/" "$manifest" || continue
    folder=$(dirname "$manifest")
    say "$folder was built elsewhere; it is built anew"
    find "$folder" -mindepth 1 -maxdepth 1 ! -name rooms ! -name dist -exec rm -rf {} +
  done
}
