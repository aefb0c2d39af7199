#!/usr/bin/env bash
# `mailward check` as GitHub shows it: annotations at the lines, a summary of the job, SARIF if a file is named.
#
# MAILWARD_ARGUMENTS  more arguments, separated by spaces
# MAILWARD_SARIF      a file for the findings in SARIF
set -euo pipefail

read -r -a arguments <<<"${MAILWARD_ARGUMENTS:-}"
summary=$(mktemp)
arguments+=(--format github --output "github-summary=$summary")
[ -z "${MAILWARD_SARIF:-}" ] || arguments+=(--output "sarif=$MAILWARD_SARIF")

code=0
mailward check "${arguments[@]}" || code=$?
# Other steps may have written to the summary.
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
rm -f "$summary"
exit "$code"
