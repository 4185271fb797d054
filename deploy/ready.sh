#!/usr/bin/env bash
# Ask the paper behind a socket whether it is well, and show its answer: ready.sh SOCKET SECONDS WHAT
# WHAT is `web`, what it needs to serve, or `1`, everything (docs/operating.md).
set -euo pipefail

# As nginx would ask it for somebody on this machine, who is told what is wrong.
host=${BASE_URL#*://}
exec curl --silent --show-error --fail-with-body --max-time "$2" --unix-socket "$1" \
    --header "Host: ${host%%/*}" --header "X-Forwarded-Proto: ${BASE_URL%%:*}" \
    --header 'X-Forwarded-For: 127.0.0.1' "http://paper/healthz?ready=$3"
