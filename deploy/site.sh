# shellcheck shell=bash disable=SC2034  # install.sh makes the certificate
# nginx's site: filled in from the paper's settings, tested, taken up. Sourced, not run.

SITE=$PREFIX/etc/nginx/sites-available/paper.conf
ENABLED=$PREFIX/etc/nginx/sites-enabled/paper.conf
CERTIFICATE=$CONFIG/tls/certificate.pem
CERTIFICATE_KEY=$CONFIG/tls/key.pem

fill_in() { # RELEASE
    local base
    base=$(setting BASE_URL)
    (
        export HOST=${base#*://} NAMES HTTPS CERTIFICATE CERTIFICATE_KEY
        NAMES=$(setting ALLOWED_HOSTS | tr , ' ') HTTPS=$(setting HTTPS)
        export HSTS_WHOLE_DOMAIN
        HSTS_WHOLE_DOMAIN=$(setting HSTS_WHOLE_DOMAIN)
        export APP=unix:$SOCKET STATIC=$CURRENT/var/static MEDIA=$DATA/media KEPT=$DATA/kept SHUT=$DATA/shut
        export LOGS=/var/log/paper BODIES=/var/lib/nginx/body SHARE=$CURRENT/deploy/nginx
        # What else this machine wants: proxies of its own before nginx, other ports (docs/front.md).
        set -a
        # shellcheck source=/dev/null
        [ ! -e "$CONFIG/site.env" ] || . "$CONFIG/site.env"
        "$1/deploy/nginx/fill"
    )
}

install_site() { # RELEASE
    local before new
    [ -e "$1/deploy/nginx/fill" ] || return 0
    new=$(fill_in "$1") || return
    before=$(cat "$SITE" 2>/dev/null || true)
    put "$SITE" 0644 <<<"$new" || [ ! -e "$ENABLED" ] || return 0
    ln -sfn ../sites-available/paper.conf "$ENABLED"
    [ -z "$PREFIX" ] || return 0
    if ! nginx -t -q; then
        if [ -n "$before" ]; then printf '%s\n' "$before" >"$SITE"; else rm "$SITE" "$ENABLED"; fi
        say 'nginx 不接受新的站点配置，已恢复原样。' 'nginx refuses the new site; the one before is in place.'
        return 1
    fi
    [ ! -s /run/nginx.pid ] || kill -HUP "$(cat /run/nginx.pid)"
}
