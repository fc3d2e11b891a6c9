#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# action_test.sh RELUP LINT_SH: runs the script of the GitHub action as a runner would.
set -euo pipefail

relup=$(realpath "$1")
script=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/project" "$work/project/two words"
ln -s "$relup" "$work/bin/relup"
cd "$work/project"
printf '{"2", [{"1", [{load_module, m}]}], [{"1", [{load_module, m}]}]}.\n' >right.appup
printf '{"2", [{"1", [restart]}], []}.\n' >'two words/wrong.appup'
number=0

# expect STATUS EXIT_CODE VARIABLE=VALUE...: how the script ends, and what it hands on.
expect() {
    local status=$1 code=$2 got=0
    shift 2
    number=$((number + 1))
    : >"$work/outputs"
    env PATH="$work/bin:$PATH" RUNNER_TEMP="$work" GITHUB_OUTPUT="$work/outputs" "$@" \
        bash "$script" >"$work/log" 2>&1 || got=$?
    if [ "$got" -ne "$status" ] || { [ -n "$code" ] && ! grep -qx "exit-code=$code" "$work/outputs"; }; then
        echo "case $number: ended with $got, not $status; outputs and log:"
        cat "$work/outputs" "$work/log"
        exit 1
    fi
}

says() {
    if ! grep -qF -- "$1" "$2"; then
        echo "case $number: no '$1' in:"
        cat "$2"
        exit 1
    fi
}

expect 0 0 RELUP_PATHS=right.appup
says "sarif-file=$work/relup.sarif" "$work/outputs"
says '"version": "2.1.0"' "$work/relup.sarif"

expect 0 1 RELUP_PATHS=$'right.appup\n\ntwo words\n'
says '"ruleId": "RU004"' "$work/relup.sarif"
says 'two words/wrong.appup:1:15: error' "$work/log"

printf 'findings: {RU004: note}\n' >off.yaml
expect 0 0 RELUP_PATHS='two words' RELUP_ARGS=$'--fail-on\nerror\n--config=off.yaml'

expect 0 2 RELUP_PATHS=right.appup RELUP_TO=nowhere
if grep -q sarif-file "$work/outputs"; then
    echo 'there is no report of a wrong call'
    exit 1
fi

expect 2 '' RELUP_VERSION=99.9
says '::error title=relup::version 99.9 is asked for' "$work/log"
expect 0 0 RELUP_VERSION="$("$relup" --version | cut -d ' ' -f 2)" RELUP_PATHS=right.appup
echo "$number cases"
