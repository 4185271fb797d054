# shellcheck shell=bash
# What runs the paper on this machine: systemd's units and nginx's site. Sourced, not run.

WORKERS=(paper-publish.service paper-front.service paper-tend@{contributions,editions,subscriptions}.service)
TIMERS=(paper-backup.timer paper-certificate.timer paper-clean.timer paper-watch.timer)

install_units() { # RELEASE
    local file name changed=
    install -d "$UNITS"/{paper-,nginx}.service.d
    while read -r name; do
        ! put "$UNITS/$name" 0644 <"$1/deploy/systemd/$name" || changed=1
    done < <(cd "$1/deploy/systemd" && find . -type f -printf '%P\n' | sort)
    # What another version brought and this one lacks; a unit that no version has is the administrator's.
    for file in "$RELEASES"/*/deploy/systemd/paper[.-]*.*; do
        name=$(basename "$file")
        file=$UNITS/$name
        if [ -f "$file" ] && [ ! -e "$1/deploy/systemd/$name" ]; then
            "$SYSTEMCTL" disable --quiet --now "$name" 2>/dev/null || true
            rm "$file"
            changed=1
        fi
    done
    for file in "$UNITS"/paper.target.wants/paper-tend@*; do
        name=$(basename "$file")
        [ ! -L "$file" ] || [[ " ${WORKERS[*]} " = *" $name "* ]] || "$SYSTEMCTL" disable --quiet --now "$name" || true
    done
    if has_systemd && [ -n "$changed" ]; then
        "$SYSTEMCTL" daemon-reload || return
    fi
    # Without a running systemd this makes the links by which it starts them one day.
    if [ -z "$PREFIX" ]; then
        "$SYSTEMCTL" enable --quiet paper.target paper-web.socket paper-web.service \
            "${WORKERS[@]}" "${TIMERS[@]}"
    fi
}

start_services() {
    "$SYSTEMCTL" start paper.target
}

# The socket stays: requests wait in it while the old program ends and the new one loads. Background
# work under way is finished by whoever began it, so nobody waits for that.
restart_services() {
    "$SYSTEMCTL" restart paper-web.service &&
        "$SYSTEMCTL" --no-block restart "${WORKERS[@]}" &&
        "$SYSTEMCTL" --no-block try-restart paper-metrics.service && # where somebody enabled it
        start_services
}

# Another version makes other pages: nginx takes all of them anew, while it shows those that it has.
renew_pages() {
    "$SYSTEMCTL" --no-block restart paper-keep.service
}
