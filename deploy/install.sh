#!/usr/bin/env bash
# Install the paper on a Debian 12 of its own: packages, user, database, settings, services, site.
cd "$(dirname "$(readlink -f "$0")")/.."
# shellcheck source=deploy/ground.sh
. deploy/ground.sh

usage() {
    cat <<'END'
用法：sudo deploy/install.sh --host 域名 [选项]      Usage: sudo deploy/install.sh --host NAME [options]

  --host NAME      读者用的域名或地址，可用逗号写几个，第一个是正式的
                   the names the paper is reached by, with commas; the first is its own
  --https on|off   off：内网、没有证书 / off: an intranet without certificates   (on)
  --mail URL       发信服务器，如 smtp+tls://user:password@mail.example.org:587 / the mail server
  --from ADDRESS   发信人 / the sender of mails                       (newsroom@NAME)
  --help           这段说明 / this text

可以再次运行：已有的设置、数据和密码都不会改动。设置写在 /etc/paper/paper.env。
May be run again: settings, data and passwords that are there stay. Settings are in /etc/paper/paper.env.
END
}

host=${HOST_NAMES:-} https=${HTTPS:-} mail=${EMAIL_URL:-} from=${DEFAULT_FROM_EMAIL:-}
arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
    --host) host=${2:-} && shift ;;
    --https) https=${2:-} && shift ;;
    --mail) mail=${2:-} && shift ;;
    --from) from=${2:-} && shift ;;
    -h | --help) usage && exit ;;
    *) usage >&2 && die "没有这个选项：$1" "No such option: $1" 2 ;;
    esac
    shift || true
done
PREFIX='' be_root "${arguments[@]}"

ask() { # VARIABLE QUESTION DEFAULT
    if [ -z "${!1}" ] && [ -t 0 ]; then
        read -r -p "$2${3:+ [$3]} " "${1?}"
    fi
    printf -v "$1" '%s' "${!1:-$3}"
}

if [ ! -e "$ENV_FILE" ]; then
    ask host '读者用的域名或地址 / the name the paper is reached by:' ''
    ask https '用 https 吗 / https (on, off)?' on
    [[ $host =~ ^[A-Za-z0-9.-]+(,[A-Za-z0-9.-]+)*$ ]] ||
        die '请用 --host 写明域名，例如 --host paper.example.org。什么也没有改动。' 'Name the host with --host; nothing was changed.' 2
    [[ $https =~ ^(on|off)$ ]] ||
        die '--https 只能是 on 或 off。什么也没有改动。' '--https is on or off; nothing was changed.' 2
    [[ $mail$from != *[\'[:space:]]* ]] ||
        die '--mail 和 --from 里不能有引号和空格。什么也没有改动。' 'No quotes or spaces in --mail and --from; nothing was changed.' 2
fi
(. /etc/os-release && [ "$ID ${VERSION_ID:-}" = 'debian 12' ]) ||
    say '这不是 Debian 12：没有在这样的系统上试过，继续安装。' 'This is not Debian 12: untried there; going on.'

install_packages() {
    local name missing=()
    while read -r name; do
        dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
    done < <(grep -v '^#' deploy/packages)
    [ ${#missing[@]} -gt 0 ] || return 0
    say "安装系统软件：${missing[*]} …" 'installing packages of Debian'
    export DEBIAN_FRONTEND=noninteractive
    if ! apt-get -q=2 update </dev/null || ! apt-get -q=2 install --yes --no-install-recommends "${missing[@]}" </dev/null; then
        die 'Debian 的软件没有装成（网络、软件源？）。解决后再运行一次即可。' 'Packages could not be installed; mend that and run this again.'
    fi
}

# Issues come out, second factors count and sessions end by this machine's clock.
look_at_clock() {
    [ "$(timedatectl show --property NTPSynchronized --value 2>/dev/null)" != no ] ||
        say '机器的时间没有与时间服务器对上：到点出版、登录验证码都要看时间。请运行 timedatectl 看看；没有对时的程序就装一个：apt-get install systemd-timesyncd' \
            'The clock is not synchronised, and publishing and second factors go by it: see timedatectl; systemd-timesyncd does it.'
}

make_user_and_folders() {
    id "$PAPER_USER" >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir "$DATA" --no-create-home --shell /usr/sbin/nologin "$PAPER_USER"
    local folder file
    # The paper's user fills this folder: root must not follow what it may have put there.
    for folder in "$DATA"/{editions,imports,contributions,backups,failures,media,kept}; do
        [ ! -L "$folder" ] ||
            die "$folder 是一个链接，没有继续。请改用挂载（mount --bind），或删掉链接，再运行一次。" \
                "$folder is a link: nothing was done to it. Mount the place instead, or remove the link; then run this again."
    done
    install -d -m 0755 "$HOME_DIR" "$RELEASES"
    install -d -m 0751 -o "$PAPER_USER" -g "$PAPER_USER" "$DATA"
    install -d -m 0700 -o "$PAPER_USER" -g "$PAPER_USER" "$DATA"/{editions,imports,contributions,backups,failures}
    # nginx reads these: new folders in them get its group too.
    install -d -m 2750 -o "$PAPER_USER" -g www-data "$DATA/media"
    install -d -m 0700 -o www-data -g www-data "$DATA/kept" # pages, as nginx keeps them
    install -d -m 0755 /etc/nginx/paper.d
    # nginx's; what the paper says itself is in the journal. The folder is root's, since root turns the
    # logs over in it; nginx's workers own only the files.
    install -d -m 0755 -o root -g adm /var/log/paper
    for file in /var/log/paper/{access,error}.log; do
        [ -e "$file" ] || install -m 0640 -o www-data -g adm /dev/null "$file"
    done
    install -d -m 0750 -g "$PAPER_USER" "$CONFIG"
    install -d -m 0700 "$CONFIG/tls"
}

start_service() { # NAME
    if has_systemd; then
        systemctl enable --quiet --now "$1"
    else
        service "$1" start >/dev/null
    fi || die "$1 没有启动。请看它的日志，解决后再运行一次。" "$1 does not start; mend that and run this again."
}

make_database() {
    as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@"); }
    local is_there=(as_postgres psql --no-psqlrc --tuples-only --no-align --command)
    [ "$("${is_there[@]}" "SELECT 1 FROM pg_roles WHERE rolname = '$PAPER_USER'")" = 1 ] ||
        as_postgres createuser --no-createdb --no-createrole --no-superuser "$PAPER_USER"
    # One locale everywhere: the order of Chinese is the paper's own affair, not the machine's.
    [ "$("${is_there[@]}" "SELECT 1 FROM pg_database WHERE datname = 'paper'")" = 1 ] ||
        as_postgres createdb --owner "$PAPER_USER" --encoding UTF8 --locale C.UTF-8 --template template0 paper
    as_postgres psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set role="$PAPER_USER" <deploy/role.sql
}

# What is in the cache is unpickled: whoever could write there would be the paper. So Redis asks for the
# password that the settings name; where they name another Redis, or none, this one stays as it is.
guard_redis() {
    local password changed='' include='include /etc/redis/paper.conf'
    password=$(setting CACHE_URL | sed -n 's|^redis://:\([0-9A-Za-z]*\)@127\.0\.0\.1:6379/.*|\1|p')
    [ -n "$password" ] || return 0
    ! put /etc/redis/paper.conf 0640 root:redis < <(echo "requirepass $password" && cat deploy/redis.conf) || changed=1
    if ! grep -qxF "$include" /etc/redis/redis.conf; then
        echo "$include" >>/etc/redis/redis.conf
        changed=1
    fi
    [ -n "$changed" ] || return 0
    if has_systemd; then systemctl restart redis-server; else service redis-server restart >/dev/null; fi ||
        die 'Redis 没有启动。请看它的日志，解决后再运行一次。' 'Redis does not start; mend that and run this again.'
}

write_settings() {
    [ ! -e "$ENV_FILE" ] || return 0
    # A process has 24 threads with a connection each; PostgreSQL takes 100.
    local name=${host%%,*} scheme=https processes
    processes=$(nproc)
    [ "$processes" -le 3 ] || processes=3
    [ "$https" = on ] || scheme=http
    put "$ENV_FILE" 0640 "root:$PAPER_USER" <<END
# 本报的设置，每一项的含义见 /opt/paper/current/docs/configuration.md 和 .env.example。
# 值都写在单引号里。改好后运行：systemctl restart paper-web paper-publish paper-front 'paper-tend@*'
# 两把密钥请另存一份：没有它们，备份里投稿人的联系方式就打不开。
SECRET_KEY='$(openssl rand -hex 32)'
CONTRIBUTIONS_KEYS='$(openssl rand -base64 32 | tr '+/' '-_')'
ALLOWED_HOSTS='$host'
BASE_URL='$scheme://$name'
HTTPS='$https'
PROXIES='1'
DATABASE_URL='postgres:////var/run/postgresql/paper'
CACHE_URL='redis://:$(openssl rand -hex 24)@127.0.0.1:6379/0'
MEDIA_ROOT='$DATA/media'
EDITIONS_ROOT='$DATA/editions'
IMPORTS_ROOT='$DATA/imports'
CONTRIBUTIONS_ROOT='$DATA/contributions'
EMAIL_URL='${mail:-smtp://127.0.0.1:25}'
DEFAULT_FROM_EMAIL='${from:-newsroom@$name}'
FRONT='http://127.0.0.1:8001'
FRONT_SHUT='$DATA/shut'
WEB_CONCURRENCY='$processes'
END
}

# https works at once; browsers warn until a certificate that they know lies in its place.
make_certificate() {
    [ "$(setting HTTPS)" = on ] && [ ! -e "$CERTIFICATE" ] || return 0
    local names='' name
    for name in $(setting ALLOWED_HOSTS | tr , ' '); do
        if [[ $name =~ ^[0-9.]+$ ]]; then names+=,IP:$name; else names+=,DNS:$name; fi
    done
    (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 365 \
        -subj "/CN=$(setting ALLOWED_HOSTS | cut -d , -f 1)" -addext "subjectAltName=${names#,}" \
        -keyout "$CERTIFICATE_KEY" -out "$CERTIFICATE" 2>/dev/null)
    say "先用自签名证书，浏览器会警告。正式证书（含中间证书）请放到 $CERTIFICATE，私钥放到 $CERTIFICATE_KEY（可以是链接），再运行：systemctl reload nginx" \
        'A self-signed certificate for now: put the real one there, or links to it, and reload nginx.'
}

install_packages
# shellcheck source=deploy/site.sh
. deploy/site.sh
make_user_and_folders
for service in postgresql redis-server; do start_service "$service"; done
make_database
write_settings
guard_redis
make_certificate
put /etc/logrotate.d/paper 0644 <deploy/logrotate || true
# Debian's welcome page would answer for every other name.
rm -f /etc/nginx/sites-enabled/default
start_service nginx
deploy/upgrade.sh
[ -e /usr/local/bin/paper ] || ln -s /opt/paper/current/deploy/paper /usr/local/bin/paper

say "报纸：$(setting BASE_URL)/    编辑后台：$(setting BASE_URL)/admin/    命令：paper    设置：$ENV_FILE" 'the paper, its newsroom, its commands, its settings'
look_at_clock
has_systemd ||
    say '这台机器没有运行 systemd（容器？）：别的都装好了，服务要在有 systemd 的机器上才会自己启动。' \
        'systemd does not run here (a container?): all is installed, but services start by themselves only where it does.'
