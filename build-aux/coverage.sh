#!/usr/bin/env bash
# How many lines and branches of each layer the suites reached that a build with -Db_coverage=true ran. The status
# says whether one is below its floor; file by file it is in BUILD/coverage-LAYER.txt.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: coverage.sh BUILD LAYER:LINES:BRANCHES...   a layer's floors are in %
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
build=${1:?usage: coverage.sh BUILD LAYER:LINES:BRANCHES...}
shift
status=0
for floor in "$@"; do
  IFS=: read -r layer lines branches <<<"$floor"
  # What the compiler adds, and the way out of a caller's mistake, no test can go.
  gcovr --root . --filter "src/$layer/" --exclude-unreachable-branches --exclude-throw-branches \
    --exclude-branches-by-pattern '.*\b(g_return_(val_)?if_fail|g_autoptr|g_auto|g_autofree)\b.*' \
    --print-summary --fail-under-line "$lines" --fail-under-branch "$branches" \
    "$build" >"$build/coverage-$layer.txt" || status=1
  sed -nE "s,^(lines|branches): ,src/$layer \1: ,p" "$build/coverage-$layer.txt"
done
exit "$status"
