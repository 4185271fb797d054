# shellcheck shell=bash
# One version of the paper: placed beside the others, made ready, tried, pointed at. Sourced, not run.

KEPT_RELEASES=3

# Place a checkout among the releases and give it its environment; its folder comes out in $release.
# A release is named by what is in it: the same files are the same release, whoever packed them.
build() { # CHECKOUT
    local pack version
    install -d "$RELEASES"
    pack=$(mktemp)
    tar --create --file "$pack" --directory "$1" --exclude-vcs --exclude=./.venv --exclude=./var \
        --exclude=./.env --exclude=__pycache__ --exclude='./.*_cache' --exclude=./.hypothesis \
        --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode='u=rwX,go=rX' .
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$1/pyproject.toml" | head -n 1)
    release=$RELEASES/$version-$(sha256sum "$pack" | cut -c -12)
    if [ ! -e "$release/.built" ]; then
        say "安置新版本 $(basename "$release") …" 'placing the new version and installing its packages'
        rm -rf "$release"
        mkdir "$release"
        tar --extract --file "$pack" --directory "$release" --touch --no-same-owner
    fi
    rm "$pack"
    give_environment
    [ -e "$release/.built" ] || touch "$release/.built"
}

# Have $release use the environment of this machine's Python. It has another one than when it was built
# after a step to the next Debian: then nothing of the paper starts before this.
give_environment() {
    make_environment
    [ "$(readlink "$release/.venv")" != "$environment/.venv" ] || return 0
    # What runs is to begin anew, also when we do not get that far this time.
    [ "$release" != "$old" ] || [ -n "$way" ] || begin_switch on
    ln -sfn "$environment/.venv" "$release/.venv"
    (cd "$release" && .venv/bin/python -m compileall -q manage.py ./*/) || true # only to start sooner
}

# Versions that need the same packages share an environment: half a gigabyte, and minutes, are spared.
make_environment() {
    environment=$ENVIRONMENTS/$({
        python3 -c 'import sys; print(*sys.version_info[:2])' && cat "$release/requirements.txt"
    } | sha256sum | cut -c -12)
    [ ! -e "$environment/.built" ] || return 0
    install -d "$environment/bin"
    cp "$release/requirements.txt" "$environment/"
    cp "$release/bin/environment" "$environment/bin/"
    PYTHON=python3 "$environment/bin/environment" requirements.txt # the one that was asked above
    touch "$environment/.built"
}

# Bring the database and the static files up to what the release needs. The version that runs goes on
# meanwhile: migrations add, and take away only what no running version uses (docs/deploy.md).
prepare() { # RELEASE
    say '更新数据库和静态文件 …' 'database and static files'
    manage "$1" migrate --verbosity 0 && manage "$1" set_up_newsroom && collect_static "$1" && unite_static "$1"
}

collect_static() { # RELEASE
    local static=$1/var/static
    [ ! -d "$1/var/own" ] || return 0
    rm -rf "$static"
    install -d "$1/var" "$static" && own_by_paper "$static" &&
        manage "$1" collectstatic --no-input --verbosity 0 || return
    [ "$(id -u)" != 0 ] || chown -hR root:root "$static"
    chmod -R u=rwX,go=rX "$static" && cp -al "$static" "$1/var/own"
}

# Pages that a reader or a cache still holds name files of the version that made them: each release
# offers those of all others too. Their names carry a hash of what is in them.
unite_static() { # RELEASE
    local own
    for own in "$RELEASES"/*/var/own; do
        cp -al --no-clobber "$own/." "$1/var/static/" || return
    done
}

is_ready() { # SOCKET WHAT
    BASE_URL=$(setting BASE_URL) deploy/ready.sh "$1" 10 "$2"
}

# Ask until the paper says that it is ready; say why not if it is not in time.
await_ready() { # SOCKET SECONDS [PROCESS]
    local answer end=$((SECONDS + $2))
    until answer=$(is_ready "$1" web 2>&1); do
        if [ "$SECONDS" -ge "$end" ] || { [ -n "${3:-}" ] && ! kill -0 "$3" 2>/dev/null; }; then
            printf '%s\n' "$answer" | head -c 2000 >&2
            return 1
        fi
        sleep 0.5
    done
}

# Of what /healthz asks (operations/health/checks.py), what an upgrade needs. Mails that do not go, or a
# part that stands still, are no reason to keep a version that is to be replaced.
NEEDED=(database migrations cache storage disk)

# What is not well, a line each, from the answer of /healthz: its name, and what it said. Beside the
# answer curl may have said something.
failing() {
    python3 -X utf8 -c '
import json, sys
answer = sys.stdin.read()
said, _ = json.JSONDecoder().raw_decode(answer[answer.find("{") :])
for name, words in said.get("checks", {}).items():
    if words != "ok":
        print(name, " ".join(words.split()))
' 2>/dev/null
}

# Say what is not well with the paper that runs, and tell by success whether it can be upgraded.
can_upgrade() {
    local answer name words hinders=''
    ! answer=$(is_ready "$SOCKET" 1 2>&1) || return 0
    while read -r name words; do
        say "不正常：$name（$words）" "not well: $name"
        [[ " ${NEEDED[*]} " != *" $name "* ]] || hinders=1
    done < <(failing <<<"$answer")
    # Nobody may have told us what it is.
    if [ -n "$hinders" ] || ! is_ready "$SOCKET" web >/dev/null 2>&1; then
        printf '%s\n' "$answer" | head -c 2000 >&2
        return 1
    fi
    say '这不妨碍升级，继续。升级以后请排除。' 'This does not hinder the upgrade, which goes on. Mend it afterwards.'
}

# Start the release by itself, behind a socket nobody else knows, and ask whether it is ready. It ends
# with the shell it has to itself, also where a lost connection ends us; nor does it hold our lock.
try_out() ( # RELEASE SECONDS
    exec 9>&-
    # Made by the paper's user: root changes nothing's owner in a folder that somebody else fills.
    place=$(as_paper "$1" mktemp --directory "$DATA/.trial.XXXXXX") || exit
    (as_paper "$1" env WEB_CONCURRENCY=1 .venv/bin/gunicorn --config hzgy/gunicorn.py \
        --bind "unix:$place/web.sock" hzgy.wsgi) &
    process=$!
    trap '{ kill "$process"; wait "$process"; } 2>/dev/null || true; rm -rf "$place"' EXIT
    await_ready "$place/web.sock" "$2" "$process"
)

point_at() { # RELEASE
    ln -sfn "$1" "$CURRENT.new"
    mv -T "$CURRENT.new" "$CURRENT"
}

remove_old_releases() {
    local old used
    find "$RELEASES" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort --numeric --reverse |
        tail -n "+$((KEPT_RELEASES + 1))" | cut -d ' ' -f 2- |
        while read -r old; do
            [ "$old" = "$(readlink "$CURRENT")" ] || [ "$old" = "$(readlink "$PREVIOUS")" ] || rm -rf "$old"
        done
    used=$(readlink "$RELEASES"/*/.venv || true)
    for old in "$ENVIRONMENTS"/*; do
        grep --quiet --line-regexp --fixed-strings "$old/.venv" <<<"$used" || rm -rf "$old"
    done
}
