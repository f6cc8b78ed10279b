#!/bin/sh
# Prepares a checkout, and does nothing when it is prepared already.
#
#   scripts/bootstrap.sh run     .venv with what runs Frontdesk (requirements.txt)
#   scripts/bootstrap.sh dev     the same, with what checks it (requirements-dev.txt)
#   scripts/bootstrap.sh node    node_modules with the TypeScript compiler that checks the browser code
#   scripts/bootstrap.sh model   the local embedding model, under DATA_DIR; without one, search goes by words alone
set -eu
cd "$(dirname "$0")/.."

main() {
  case ${1:-} in
    run) install_once run requirements.txt ;;
    dev) install_once dev requirements.txt requirements-dev.txt ;;
    node) install_node_modules ;;
    model) build_model "${2:-}" ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; return 2 ;;
  esac
}

# The stamp holds a checksum of the requirements and of Python's version, so that a start with nothing new costs no
# pip run, and a changed pin or an upgraded Python is never missed.
install_once() {
  stamp=.venv/.prepared-to-$1
  shift
  if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint "$@")" ]; then return 0; fi
  make_venv
  echo "Installing $* into .venv (once; this takes a minute or two) …"
  for file in "$@"; do
    set -- "$@" -r "$file"
    shift
  done
  .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check "$@" || {
    echo "The requirements could not be installed; what pip said stands above. Is the network reachable?" >&2
    return 1
  }
  # What checks Frontdesk includes what runs it.
  fingerprint requirements.txt >.venv/.prepared-to-run
  [ "$stamp" = .venv/.prepared-to-run ] || fingerprint requirements.txt requirements-dev.txt >"$stamp"
}

fingerprint() {
  { .venv/bin/python -V 2>&1 || true; cat "$@"; } | cksum
}

make_venv() {
  if .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then return 0; fi
  python=$(find_python) || {
    echo "Frontdesk needs Python 3.11 or newer. On Debian or Ubuntu: sudo apt-get install python3 python3-venv" >&2
    return 1
  }
  "$python" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "Python is here, but it cannot make virtual environments: Debian and Ubuntu keep that in a package of its own." >&2
    echo "Get it with: sudo apt-get install python3-venv" >&2
    return 1
  }
  echo "Making .venv with $("$python" -V) …"
  "$python" -m venv --clear .venv
}

find_python() {
  for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return 0
    fi
  done
  return 1
}

install_node_modules() {
  stamp=node_modules/.prepared
  if [ "$(cat "$stamp" 2>/dev/null)" = "$(cksum <package-lock.json)" ]; then return 0; fi
  echo "Installing the TypeScript compiler into node_modules (once) …"
  npm ci --silent --no-audit --no-fund
  cksum <package-lock.json >"$stamp"
}

# The script ends with 3 when the model is not to be had, and has said why. A start does not ask again for a day;
# "make model" asks at once.
build_model() {
  out=${DATA_DIR:-data}/models/minilm
  miss=${DATA_DIR:-data}/models/.minilm-missed
  if [ "$1" != again ] && [ -s "$out/model.json" ] && [ -s "$out/model_int8.onnx" ]; then return 0; fi
  if [ "$1" != again ] && [ -n "$(find "$miss" -mtime -1 2>/dev/null)" ]; then
    echo "No local embedding model yet: search goes by words alone (make model tries again)."
    return 0
  fi
  code=0
  .venv/bin/python scripts/build_embedding_model.py --out "$out" || code=$?
  if [ "$code" -eq 0 ]; then
    rm -f "$miss"
    return 0
  fi
  mkdir -p "$(dirname "$miss")"
  : >"$miss"
  [ "$code" -eq 3 ] || echo "The local embedding model could not be built (code $code): search goes by words alone." >&2
  [ "$code" -eq 3 ] || [ "$1" != again ] || return "$code"
}

main "$@"
