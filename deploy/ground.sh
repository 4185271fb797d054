# shellcheck shell=bash disable=SC2034  # the names are for those who source it
# The ground the paper stands on: where everything lies, whose it is, how we speak. Sourced, not run.
set -euo pipefail
umask 022
# "su" without "-" leaves root the path of whoever called it, where no program for root lies.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# PREFIX puts the whole installation below a scratch folder (tests/stack/test_upgrade.py).
PREFIX=${PREFIX:-}
PAPER_USER=${PAPER_USER:-paper}
HOME_DIR=$PREFIX/opt/paper
RELEASES=$HOME_DIR/releases
ENVIRONMENTS=$HOME_DIR/environments
CURRENT=$HOME_DIR/current
PREVIOUS=$HOME_DIR/previous
UNFINISHED=$HOME_DIR/.unfinished
DATA=$PREFIX/var/lib/paper
CONFIG=$PREFIX/etc/paper
ENV_FILE=$CONFIG/paper.env
SOCKET=$PREFIX/run/paper/web.sock
UNITS=$PREFIX/etc/systemd/system
SYSTEMCTL=${SYSTEMCTL:-systemctl}

say() { # 中文 English
    printf '%s\n    %s\n' "$1" "$2"
}

die() { # 中文 English: what happened, what stays as it was, what to do
    trap - EXIT
    printf '\n*** %s\n    %s\n' "$1" "$2" >&2
    exit "${3:-1}"
}

# A command of theirs that failed has spoken for itself; what that means is said here.
trap '[ $? = 0 ] || printf "\n*** %s\n    %s\n" "没有做完，原因见上。读者看到的没有变化；排除后再运行一次即可。" \
    "Not finished, see above why. Readers notice nothing; mend it and run this again." >&2' EXIT

be_root() {
    [ -n "$PREFIX" ] || [ "$(id -u)" = 0 ] ||
        die "需要管理员权限，什么也没有改动。请运行：sudo $0 $*" "This must be run as root; nothing was changed."
}

# A container without systemd gets everything but running services.
has_systemd() {
    [ "$SYSTEMCTL" != systemctl ] || { [ -z "$PREFIX" ] && [ -d /run/systemd/system ]; }
}

# Write what comes in to a file unless it says so already. Tells by its success that it changed.
put() { # FILE MODE [OWNER:GROUP]
    local new
    new=$(mktemp)
    cat >"$new"
    if cmp --silent "$new" "$1"; then
        rm "$new"
        return 1
    fi
    chmod "$2" "$new"
    [ -z "${3:-}" ] || chown "$3" "$new"
    mv "$new" "$1.new" && mv "$1.new" "$1" # the file is the old one or the new one, never half of it
    echo "  $1"
}

own_by_paper() { # PATH…
    [ "$(id -u)" != 0 ] || chown -h "$PAPER_USER:" "$@"
}

# Run a command in a folder as the paper's user, with its settings and nothing else of ours.
as_paper() { # FOLDER COMMAND…
    cd "$1"
    shift
    local become=(setpriv --reuid "$PAPER_USER" --regid "$PAPER_USER" --init-groups --)
    [ "$(id -un)" != "$PAPER_USER" ] || become=()
    # shellcheck disable=SC2016  # for the inner shell, which reads the file as the paper's user
    exec env -i PATH="$PATH" HOME="$DATA" LANG=C.UTF-8 DJANGO_SETTINGS_MODULE=hzgy.settings.production \
        "${become[@]}" bash -c 'umask 027; set -a; . "$0"; set +a; exec "$@"' "$ENV_FILE" "$@"
}

manage() { # RELEASE COMMAND…
    local release=$1
    shift
    (as_paper "$release" .venv/bin/python manage.py "$@")
}

# What a setting of the paper is.
setting() { # NAME
    # shellcheck disable=SC2016
    bash -c 'set -a; . "$0"; printf %s "${!1:-}"' "$ENV_FILE" "$1"
}
