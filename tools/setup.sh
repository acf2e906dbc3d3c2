#!/usr/bin/env bash
# Makes .venv from the locked, hash-checked requirements (demo or dev), or installs what the tests need of the system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
what=${1:-dev}
say() { printf '%s\n' "$*" >&2; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
may_install() { command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; }
apt() {
  may_install || return 1
  [ -n "${APT_UPDATED:-}" ] || { as_root apt-get update -qq >&2 || true; APT_UPDATED=1; }
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq --no-install-recommends "$@" >&2
}
left_out() {
  say "left out: $1 (install $2 to have it)"
  [ "${CI:-}" != true ] || { say "error: CI leaves nothing out"; exit 1; }
}

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"; return
    fi
  done
  say "error: Python 3.11 or later is needed"; say "hint: set PYTHON=/path/to/python3"; exit 1
}

venv() {
  [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && return
  local python; python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    apt python3-venv || { say "error: Python's venv module is missing"; say "hint: apt-get install python3-venv"; exit 1; }
  fi
  "$python" -m venv --clear .venv
}

fonts() {
  has_font NotoSerifEthiopic && has_font NotoSerifCJK && return
  apt fonts-noto-core fonts-noto-cjk fontconfig || left_out "diplomas in some scripts" "fonts-noto-core and fonts-noto-cjk"
}
has_font() { fc-list 2>/dev/null | grep -i "$1" >/dev/null; }

case $what in
  demo | dev)
    venv
    say "setting up .venv ($what) …"
    requirements=requirements/all.txt; [ "$what" = dev ] && requirements=requirements/dev.txt
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$requirements"
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    fonts
    mkdir -p .stamps; touch ".stamps/$what"; [ "$what" = demo ] || touch .stamps/demo
    ;;
  system)
    fonts
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null \
      || apt postgresql || left_out "tests on PostgreSQL" "postgresql"
    command -v chromium >/dev/null || apt chromium || left_out "tests of pages in a browser" "chromium"
    command -v pdftoppm >/dev/null || apt poppler-utils || left_out "tests of printed pages" "poppler-utils"
    command -v firefox-esr >/dev/null || apt firefox-esr || left_out "tests of pages in Firefox" "firefox-esr"
    { command -v WebKitWebDriver && command -v Xvfb; } >/dev/null || apt webkit2gtk-driver xvfb \
      || left_out "tests of pages in WebKit" "webkit2gtk-driver and xvfb"
    command -v softhsm2-util >/dev/null || apt softhsm2 || left_out "tests with an HSM" "softhsm2"
    ;;
  *) say "usage: tools/setup.sh demo|dev|system"; exit 2 ;;
esac
