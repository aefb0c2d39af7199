#!/usr/bin/env bash
# The comment of `mailward review` on a pull request: written once, and replaced from then on.
#
# MAILWARD_BASE          the commit that the pull request is based on
# MAILWARD_PULL_REQUEST  its number
# GITHUB_REPOSITORY      the repository, OWNER/NAME
# GH_TOKEN               for `gh`, with the permission to write comments
set -euo pipefail

# Checkouts are shallow; the base is one commit more.
git cat-file -e "$MAILWARD_BASE^{commit}" 2>/dev/null || git fetch --quiet --no-tags --depth=1 origin "$MAILWARD_BASE"

comment=$(mktemp)
trap 'rm -f "$comment"' EXIT
code=0
mailward review --base "$MAILWARD_BASE" >"$comment" || code=$?
# A policy that is not valid makes a comment, too; without any there is nothing to post.
[ -s "$comment" ] || exit "$code"

comments="repos/$GITHUB_REPOSITORY/issues/$MAILWARD_PULL_REQUEST/comments"
own='.[] | select(.body | startswith("<!-- mailward review -->")) | .id'
known=$(gh api --paginate "$comments" --jq "$own" | head -n 1)
if [ -n "$known" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$comment"
else
  gh api --silent --method POST "$comments" --field "body=@$comment"
fi
exit "$code"
