#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Starts the release that this script lies in (as bin/NAME), in the version that its
# releases/start_erl.data names. The node takes this process over, so signals reach it.
set -eu

fail() {
    echo "${0##*/}: $1" >&2
    exit "${2:-1}"
}

[ "${1:-}" = foreground ] || fail 'usage: '"$0"' foreground [ERL_ARGUMENT...]' 2
shift

root=$(cd "$(dirname "$0")/.." && pwd -P)
# The file has no newline at its end, which `read` takes for a failure.
read -r erts version <"$root/releases/start_erl.data" || [ -n "${version:-}" ] ||
    fail "no ERTS and release version in $root/releases/start_erl.data"

ROOTDIR=$root
BINDIR=$root/erts-$erts/bin
EMU=beam
PROGNAME=${0##*/}
export ROOTDIR BINDIR EMU PROGNAME
[ -x "$BINDIR/erlexec" ] || fail "no Erlang runtime in $BINDIR"

release=$root/releases/$version
cd "$root"
exec "$BINDIR/erlexec" -boot "$release/start" -mode embedded -config "$release/sys" \
    -args_file "$release/vm.args" -noinput "$@"
