# shellcheck shell=bash
# Shared by the scripts of this folder; sourced, not run.
#
# Numbered steps with the time elapsed, packages by apt-get only when something
# is missing, and one cache outside the clone for what is built or downloaded.

ABSAH_CACHE=${ABSAH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/absah}
steps_total=0
steps_done=0

# steps N: how many steps follow.
steps() { steps_total=$1; }

# step TEXT: says where we are.
step() {
    steps_done=$((steps_done + 1))
    current_step=$*
    printf '\n[%d/%d  %02d:%02d] %s\n' "$steps_done" "$steps_total" $((SECONDS / 60)) $((SECONDS % 60)) "$*"
}

say() { printf '        %s\n' "$*"; }

fail() {
    printf 'absah: %s\n' "$*" >&2
    exit 1
}

# Prints the step that failed; set as the EXIT trap.
report_failure() {
    local status=$?
    if [ "$status" -ne 0 ]; then
        printf '\nFAILED in step %d/%d after %02d:%02d: %s\n' "$steps_done" "$steps_total" \
            $((SECONDS / 60)) $((SECONDS % 60)) "${current_step:-start}" >&2
    fi
}

need_cargo() {
    command -v cargo >/dev/null 2>&1 && return
    [ -x "$HOME/.cargo/bin/cargo" ] || fail "cargo is missing: install Rust (https://rustup.rs), then run this again"
    PATH=$HOME/.cargo/bin:$PATH
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        fail "root is needed once; run as root: $*"
    fi
}

# install_missing "TEST|PACKAGE"...: TEST is a shell condition that holds when
# PACKAGE need not be installed.
install_missing() {
    local entry
    local packages=()
    for entry in "$@"; do
        eval "${entry%%|*}" >/dev/null 2>&1 || packages+=("${entry##*|}")
    done
    if [ ${#packages[@]} -eq 0 ]; then
        say "nothing to install"
        return
    fi
    say "apt-get install ${packages[*]}"
    command -v apt-get >/dev/null 2>&1 || fail "this is no Debian; install what these packages hold: ${packages[*]}"
    local apt=(env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -qq -y
        -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold)
    as_root "${apt[@]}" update
    as_root "${apt[@]}" install --no-install-recommends "${packages[@]}" >"$ABSAH_CACHE/apt.log" 2>&1 || {
        tail -n 20 "$ABSAH_CACHE/apt.log" >&2
        fail "apt-get install ${packages[*]} failed; the log is $ABSAH_CACHE/apt.log"
    }
    for entry in "$@"; do
        eval "${entry%%|*}" >/dev/null 2>&1 || fail "${entry##*|} is installed, and yet this does not hold: ${entry%%|*}"
    done
}

on_path() { command -v "$1"; }

# What a build needs. A cross-check of the TLS roots: downloads need them.
install_build_needs() {
    install_missing \
        'on_path cc && on_path make|build-essential' \
        'on_path pkg-config|pkg-config' \
        'pkg-config --exists openssl|libssl-dev' \
        '[ -s /etc/ssl/certs/ca-certificates.crt ]|ca-certificates'
}
