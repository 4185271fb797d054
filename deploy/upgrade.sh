#!/usr/bin/env bash
# Bring a new version of the paper up beside the running one, and go back by itself if it is not well.
from=$PWD # what is named is looked for where the caller is
cd "$(dirname "$(readlink -f "$0")")/.."
# shellcheck source=deploy/ground.sh
. deploy/ground.sh
# shellcheck source=deploy/release.sh
. deploy/release.sh
# shellcheck source=deploy/services.sh
. deploy/services.sh
# shellcheck source=deploy/site.sh
. deploy/site.sh

usage() {
    cat <<'END'
用法：sudo deploy/upgrade.sh [选项] [新版本的文件夹或压缩包]
默认安装这个脚本所在的版本。读者和编辑不会感到中断；新版本不健康时自动退回。
Usage: sudo deploy/upgrade.sh [options] [checkout or tarball]      (default: where this script lies)

  --back           退回上一个版本（数据库保持原样）/ go back to the version before; the database stays
  --wait SECONDS   等新版本就绪的时间，默认 60 / how long the new version may take to be ready
  --no-backup      不先备份 / make no backup first
  --force          运行中的版本不健康也升级 / go on although the running version is not well
  --help           这段说明 / this text
END
}

back='' wait=60 backup=1 force='' source=. asked=("$@") arguments=()
while [ $# -gt 0 ]; do
    case $1 in
    --back) back=1 && arguments+=("$1") ;;
    --wait) wait=${2:?} && arguments+=("$1" "$2") && shift ;;
    --no-backup) backup='' && arguments+=("$1") ;;
    --force) force=1 && arguments+=("$1") ;;
    -h | --help) usage && exit ;;
    -*) usage >&2 && die "没有这个选项：$1" "No such option: $1" 2 ;;
    *) source=$(cd "$from" && realpath -m -- "$1") ;;
    esac
    shift
done
be_root "${asked[@]}"
[ -r "$ENV_FILE" ] ||
    die "还没有安装（没有 $ENV_FILE）。请先运行 deploy/install.sh。" 'Not installed yet: run deploy/install.sh first.'

# A version knows best how it is to be installed: its own script goes on.
if [ -f "$source" ]; then
    # Not in /tmp, where programs may not be allowed to run.
    unpacked=$(mktemp --directory "$HOME_DIR/.unpacked.XXXXXX")
    trap 'rm -rf "$unpacked"' EXIT
    tar --extract --file "$source" --directory "$unpacked" --no-same-owner
    checkout=$(find "$unpacked" -maxdepth 2 -name manage.py -printf '%h\n' -quit)
    [ -x "${checkout:-/nowhere}/deploy/upgrade.sh" ] || {
        rm -rf "$unpacked"
        die "$source 不是本报的程序包，什么也没有改动。" "$source holds no version of the paper; nothing was changed."
    }
    "$checkout/deploy/upgrade.sh" "${arguments[@]}"
    exit
elif [ "$source" != . ]; then
    [ -x "$source/deploy/upgrade.sh" ] ||
        die "$source 里没有本报的程序，什么也没有改动。" "$source holds no version of the paper; nothing was changed."
    exec "$source/deploy/upgrade.sh" "${arguments[@]}"
fi

exec 9>"$HOME_DIR/.lock"
flock --nonblock 9 ||
    die '另一次升级正在进行，这一次什么也没有改动。' 'Another upgrade is under way; this one changed nothing.'
be_as_written

old=$(readlink "$CURRENT" || true)
# A switch that nobody saw the end of, since a connection broke or the power went: which way, from where.
way='' left=''
[ ! -e "$UNFINISHED" ] || read -r way left <"$UNFINISHED" || true

begin_switch() { # WAY
    way=$1 left=${old:-none}
    printf '%s %s\n' "$way" "$left" >"$UNFINISHED"
}

# Point at a release, let it serve, and tell by success whether it is well.
bring_up() { # RELEASE
    # Its own list of services: another version may have had fewer.
    # shellcheck source=deploy/services.sh
    . "$1/deploy/services.sh"
    install_units "$1" && install_site "$1" && point_at "$1" || return
    has_systemd || return 0
    restart_services && await_ready "$SOCKET" "$wait" && renew_pages
}

go_back() {
    say "退回 $(basename "$old") …" 'going back'
    unite_static "$old"
    bring_up "$old" || die "原版本 $(basename "$old") 也没有就绪。请看：journalctl -u paper-web" \
        'The version before is not ready either: see journalctl -u paper-web' 2
    rm -f "$UNFINISHED"
}

if [ -n "$back" ]; then
    release=$(readlink "$PREVIOUS" || true)
    if [ -d "$left" ] && [ "$left" != "$old" ]; then
        # A step back that was cut off goes on; from an upgrade that was, it is back to where that began.
        if [ "$way" = back ]; then release=$old old=$left; else release=$left; fi
    fi
    { [ -n "$release" ] && [ "$release" != "$old" ]; } ||
        die '没有上一个版本可退，什么也没有改动。' 'There is no version before; nothing was changed.'
    give_environment
    unite_static "$release"
    begin_switch back
    bring_up "$release" || {
        go_back
        die '上一个版本不能用，仍用现在的版本。' 'The version before is not well; the present one was kept.' 2
    }
    ln -sfn "$old" "$PREVIOUS"
    rm -f "$UNFINISHED"
    say "已退回 $(basename "$release")。数据库保持原样。" 'Went back. The database was left as it is.'
    exit
fi

build .
if [ "$old" = "$release" ] && [ -z "$way" ]; then
    install_units "$release"
    install_site "$release"
    if has_systemd; then
        # Perhaps it never was ready: a first start that failed is no success the second time.
        { start_services && await_ready "$SOCKET" "$wait"; } ||
            die "已经是这个版本：$(basename "$release")，但没有就绪。请看：journalctl -u paper-web" \
                'This version runs already, and is not ready: see journalctl -u paper-web' 2
    fi
    say "已经是这个版本：$(basename "$release")。" 'This version runs already.'
    exit
fi

untouched() {
    die "$1 没有切换，读者和编辑用的仍是原来的版本。" "$2 Nothing was switched: the version before goes on."
}
if [ "$old" = "$release" ]; then
    say '接着做完没有做完的切换 …' 'going on with what was not finished'
    old=$left
    { [ -d "$old" ] && [ "$old" != "$release" ]; } || old=''
else
    if [ -n "$old" ] && has_systemd && [ -z "$force" ] && ! can_upgrade; then
        die '运行中的版本不健康，没有升级。请先排除上面的故障，或加 --force。' \
            'The running version is not well, nothing was changed: mend it first, or say --force.'
    fi

    manage "$release" check --deploy || untouched '新版本没有通过检查。' 'The new version did not pass its checks.'
    if [ -n "$old" ] && [ -n "$backup" ]; then
        say '备份 …' 'backup'
        # shellcheck disable=SC2046  # several words
        manage "$old" backup --to "$DATA/backups" $(setting BACKUP_OPTIONS) || untouched '备份失败。' 'The backup failed.'
    fi
    prepare "$release" || untouched '数据库或静态文件没有更新成。' 'Database or static files could not be brought up to date.'
    say '试运行新版本 …' 'trying the new version out'
    try_out "$release" "$wait" || untouched '新版本试运行时没有就绪。' 'The new version was not ready when tried out.'
    begin_switch on
fi

say '切换 …' 'switching'
if ! bring_up "$release"; then
    [ -n "$old" ] || die '报纸没有就绪。请看：journalctl -u paper-web' 'The paper is not ready: see journalctl -u paper-web' 2
    go_back
    die "新版本 $(basename "$release") 不健康，已退回 $(basename "$old")。数据库保持更新后的样子，原版本能用。" \
        'The new version is not well; the one before serves again. The database keeps its migrations.' 2
fi
[ -z "$old" ] || ln -sfn "$old" "$PREVIOUS"
remove_old_releases
# What another version indexed is indexed anew; nothing to do otherwise.
manage "$release" check_search --quick --repair ||
    say '搜索索引没有核对成，请运行：paper check_search --repair' 'The search index could not be checked: run paper check_search --repair'
rm -f "$UNFINISHED"
if has_systemd; then
    say "已运行 $(basename "$release")。" 'It runs.'
else
    say "已安装 $(basename "$release")。这台机器没有运行 systemd：服务没有启动。" \
        'Installed. systemd does not run here: no service was started.'
fi
