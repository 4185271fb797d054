#!/usr/bin/env bash
# Is everything well? What the paper says of itself, and what it cannot know: whether readers get it from
# nginx, for how long its certificate holds, whether there is a new backup (docs/operating.md).
set -uo pipefail

# PREFIX puts the machine below a scratch folder (tests/operations/test_watching.py).
PREFIX=${PREFIX:-}
CERTIFICATE_SECONDS=$((14 * 24 * 3600))
BACKUP_SECONDS=$((2 * 24 * 3600))
here=$(dirname "$0")
outcome=0

complain() { # 中文 English
    printf '*** %s\n    %s\n' "$1" "$2" >&2
    outcome=1
}

# Where a reader's request arrives on this machine, unless site.env has nginx listen elsewhere.
reach() { # LISTEN PORT
    local first=${1%% *}
    case ${first:=$2} in
    *:*) ;;
    *) first=127.0.0.1:$first ;;
    esac
    first=${first/#\[::]:/[::1]:}
    first=${first/#\*:/127.0.0.1:}
    echo "${first/#0.0.0.0:/127.0.0.1:}"
}

site_setting() { # NAME
    [ -r "$PREFIX/etc/paper/site.env" ] || return 0
    # shellcheck source=/dev/null
    (set +u && . "$PREFIX/etc/paper/site.env" && printf %s "${!1:-}")
}

# Also of a paper that is closed to readers, robots are told so (docs/circulation.md).
is_handed_out() { # ADDRESS
    curl --silent --show-error --fail --insecure --noproxy '*' --max-time 20 --output /dev/null \
        --connect-to "::$1" "$BASE_URL/robots.txt"
}

# As it is shown, not as it lies there: nginx may not have read it yet.
shows_certificate() { # ADDRESS NAME
    local shown
    shown=$(timeout 20 openssl s_client -connect "$1" -servername "$2" </dev/null 2>/dev/null) &&
        openssl x509 -noout -checkend "$CERTIFICATE_SECONDS" <<<"$shown" >/dev/null
}

# While there is none at all, the folder's own age tells whether there should be.
has_backup() { # FOLDER
    local since
    since=$(($(date +%s) - BACKUP_SECONDS))
    if [ -n "$(find "$1" -maxdepth 1 -name 'paper-*' -print -quit)" ]; then
        [ -n "$(find "$1" -maxdepth 1 -name 'paper-*' -newermt "@$since" -print -quit)" ]
    else
        [ "$(stat --format %W "$1" || echo 0)" -gt "$since" ] # 0 where a file system does not know
    fi
}

"$here/ready.sh" "$PREFIX/run/paper/web.sock" 60 1 || outcome=1

name=${BASE_URL#*://}
name=${name%%[:/]*}
HTTPS=${HTTPS:-on}
case ${HTTPS,,} in
on | 1 | true | yes) address=$(reach "$(site_setting LISTEN_HTTPS)" 443) secure=1 ;;
*) address=$(reach "$(site_setting LISTEN_HTTP)" 80) secure='' ;;
esac
if ! is_handed_out "$address"; then
    complain "读者打不开报纸：nginx（$address）没有应答，或答的是错误。请看：systemctl status nginx；nginx -t" \
        'Readers do not get the paper from nginx: see systemctl status nginx, and nginx -t.'
elif [ -n "$secure" ] && ! shows_certificate "$address" "$name"; then
    complain '证书在十四天内到期，或已经到期。换上新证书后请运行：systemctl reload nginx（见 docs/deploy.md）' \
        'The certificate ends within fourteen days: put a new one in its place, then reload nginx.'
fi
has_backup "$PREFIX/var/lib/paper/backups" ||
    complain '最新的备份已超过两天，或者没有备份。请看：journalctl -u paper-backup；systemctl list-timers paper-backup' \
        'The newest backup is older than two days, or there is none.'
exit "$outcome"
