#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The work of action.yml: runs relup lint as the RELUP_* variables say, keeps the SARIF report, and
# hands its name and the exit status on. It succeeds itself whatever was found, so that the report
# can be uploaded before the job fails.
set -euo pipefail

fail() {
    printf '::error title=relup::%s\n' "$1"
    exit 2
}

# The lines of $1 that are not empty, into the array `lines`.
read_lines() {
    lines=()
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        if [ -n "$line" ]; then lines+=("$line"); fi
    done <<<"$1"
}

command -v relup >/dev/null || fail 'relup is not in PATH; install it in a step before this one'
installed=$(relup --version)
if [ -n "${RELUP_VERSION:-}" ] && [ "$installed" != "relup $RELUP_VERSION" ]; then
    fail "version $RELUP_VERSION is asked for, but $installed is in PATH"
fi

arguments=(lint)
read_lines "${RELUP_FROM:-}"
for release in "${lines[@]}"; do arguments+=("--from=$release"); done
if [ -n "${RELUP_TO:-}" ]; then arguments+=("--to=$RELUP_TO"); fi
read_lines "${RELUP_ARGS:-}"
arguments+=("${lines[@]}")
read_lines "${RELUP_PATHS:-.}"
arguments+=(-- "${lines[@]}")

report=${RUNNER_TEMP:-/tmp}/relup.sarif
status=0
relup --format sarif "${arguments[@]}" >"$report" || status=$?

# 0 and 1 come with a report. It says nothing in the log, so the findings are printed there, too.
if [ "$status" -le 1 ]; then
    relup "${arguments[@]}" || true
    printf 'sarif-file=%s\n' "$report" >>"$GITHUB_OUTPUT"
fi
printf 'exit-code=%s\n' "$status" >>"$GITHUB_OUTPUT"
