# shellcheck shell=bash disable=SC2034  # install.sh makes the certificate
# nginx's site: filled in from the paper's settings, tested, taken up. Sourced, not run.

SITE=$PREFIX/etc/nginx/sites-available/paper.conf
ENABLED=$PREFIX/etc/nginx/sites-enabled/paper.conf
NGINX=$PREFIX/etc/nginx/nginx.conf
# The one place in nginx's main context that Debian leaves to others.
PROCESS=$PREFIX/etc/nginx/modules-enabled/90-paper.conf
# The checksum of what we wrote there; of what we are about to write, too, until that is done.
WRITTEN=$CONFIG/site.sha256
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

# What nginx.conf, or a file of the admin's beside the site, says itself must not be said twice: it holds.
says_itself() { # NAME
    grep -qs "^[[:space:]]*$1[[:space:]]" "$NGINX" "$PREFIX"/etc/nginx/conf.d/*.conf
}

process_settings() { # RELEASE
    local name rest
    while read -r name rest; do
        says_itself "$name" || echo "$name $rest"
    done < <(grep '^[a-z]' "$1/deploy/nginx/process.conf")
}

# The same of the one setting of the site that holds for all sites.
said_once() {
    local name=server_names_hash_bucket_size
    if says_itself "$name"; then sed "/^$name /d"; else cat; fi
}

# A request that waits for the application takes two, and a worker without any closes the door to all. There is no
# second place to say it: Debian's own line is changed, and only that.
raise_connections() {
    local few='^\([[:space:]]*\)worker_connections 768;'
    [ ! -L "$NGINX" ] && grep -qs "$few" "$NGINX" || return
    put "$NGINX" 0644 < <(sed "s/$few/\1worker_connections 4096;/" "$NGINX")
}

checksum() { sha256sum | cut -d ' ' -f 1; }

# Whoever changed the site by hand (or by certbot --nginx) wants to keep that; nobody's work is written over.
be_as_written() {
    [ ! -e "$SITE" ] || [ ! -e "$WRITTEN" ] || grep -qxF "$(checksum <"$SITE")" "$WRITTEN" ||
        die "$SITE 被改过（certbot --nginx？），没有覆盖，什么也没有改动。证书按 docs/deploy.md 放，别的写进 /etc/nginx/paper.d 或 /etc/paper/site.env；然后把这个文件改名，再运行一次。" \
            "$SITE was edited; nothing was changed. Certificates go where docs/deploy.md says, all else into paper.d or site.env: then rename this file and run this again."
}

put_back() { # FILE WHAT-IT-SAID
    if [ -n "$2" ]; then printf '%s\n' "$2" >"$1"; else rm -f "$1"; fi
}

install_site() { # RELEASE
    local new site process nginx changed=
    [ -e "$1/deploy/nginx/fill" ] || return 0
    new=$(fill_in "$1" | said_once) || return
    site=$(cat "$SITE" 2>/dev/null || true)
    process=$(cat "$PROCESS" 2>/dev/null || true)
    nginx=$(cat "$NGINX" 2>/dev/null || true)
    be_as_written
    put "$WRITTEN" 0644 >/dev/null < <({ [ ! -e "$SITE" ] || checksum <"$SITE"; checksum <<<"$new"; } | sort -u) || true
    ! put "$SITE" 0644 <<<"$new" || changed=1
    if [ -e "$1/deploy/nginx/process.conf" ]; then
        ! put "$PROCESS" 0644 < <(process_settings "$1") || changed=1
        ! raise_connections || changed=1
    fi
    [ -n "$changed" ] || [ ! -e "$ENABLED" ] || return 0
    ln -sfn ../sites-available/paper.conf "$ENABLED"
    if [ -z "$PREFIX" ] && ! nginx -t -q; then
        put_back "$SITE" "$site"
        put_back "$PROCESS" "$process"
        put_back "$NGINX" "$nginx"
        [ -e "$SITE" ] || rm -f "$ENABLED"
        say 'nginx 不接受新的站点配置，已恢复原样。' 'nginx refuses the new site; the one before is in place.'
        return 1
    fi
    put "$WRITTEN" 0644 >/dev/null <<<"$(checksum <"$SITE")" || true
    [ -n "$PREFIX" ] || [ ! -s /run/nginx.pid ] || kill -HUP "$(cat /run/nginx.pid)"
}
