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
        make_environment
        ln -s "$environment/.venv" "$release/.venv"
        (cd "$release" && .venv/bin/python -m compileall -q manage.py ./*/) || true # only to start sooner
        touch "$release/.built"
    fi
    rm "$pack"
}

# Versions that need the same packages share an environment: half a gigabyte, and minutes, are spared.
make_environment() {
    environment=$ENVIRONMENTS/$({ python3 --version && cat "$release/requirements.txt"; } | sha256sum | cut -c -12)
    [ ! -e "$environment/.built" ] || return 0
    install -d "$environment/bin"
    cp "$release/requirements.txt" "$environment/"
    cp "$release/bin/environment" "$environment/bin/"
    "$environment/bin/environment" requirements.txt
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

# Start the release by itself, behind a socket nobody else knows, and ask whether it is ready.
try_out() { # RELEASE SECONDS
    local place process outcome=0
    # Made by the paper's user: root changes nothing's owner in a folder that somebody else fills.
    place=$(as_paper "$1" mktemp --directory "$DATA/.trial.XXXXXX") || return
    (as_paper "$1" env WEB_CONCURRENCY=1 .venv/bin/gunicorn --config hzgy/gunicorn.py \
        --bind "unix:$place/web.sock" hzgy.wsgi) &
    process=$!
    await_ready "$place/web.sock" "$2" "$process" || outcome=1
    kill "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    rm -rf "$place"
    return "$outcome"
}

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
