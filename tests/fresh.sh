#!/bin/bash
# fresh.sh [COMMAND] - run COMMAND (default: both commands of the README) in a pristine Debian 12, as one meets it after
# debootstrap: a missing package cannot hide.  Root (or sudo) is needed, for mmdebstrap, mount and chroot.
#
# In it a user "orrery" with sudo has the tree of HEAD in a folder with blanks and an umlaut.  The default: root runs
# ./quickstart.sh in /src, then the user runs ./quickstart.sh test in his folder.
#
#   FRESH_BASE=FILE   where the pristine system is kept between calls (default: in the temporary folder)
#   KEEP=1            keep the chroot and say where it is
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
[ "$(id -u)" -eq 0 ] || exec sudo --preserve-env=FRESH_BASE,KEEP,TMPDIR "$top/tests/fresh.sh" "$@"

home="/home/orrery/Schöne Bahnen/orrery"
command=${1:-"cd /src && ./quickstart.sh && su orrery -c 'cd \"$home\" && ./quickstart.sh test'"}
base=${FRESH_BASE:-${TMPDIR:-/tmp}/orrery-fresh-bookworm.tar}
sources=/etc/apt/sources.list.d/debian.sources
[ -s "$sources" ] || sources=http://deb.debian.org/debian
if [ ! -s "$base" ]; then
    command -v mmdebstrap >/dev/null || apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
    mmdebstrap --quiet --format=tar --variant=apt bookworm "$base.part" "$sources"
    mv "$base.part" "$base"
fi

root=$(mktemp -d)
leave() {
    if [ -n "${KEEP:-}" ]; then echo "kept: $root"; else rm -rf --one-file-system "$root"; fi
}
trap leave EXIT
tar -C "$root" -xf "$base" --exclude='./dev/*'
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
echo 'Acquire::Languages "none";' >"$root/etc/apt/apt.conf.d/99no-translations"
for folder in "$root/src" "$root$home"; do
    mkdir -p "$folder"
    git -c safe.directory="$top" archive HEAD | tar -C "$folder" -x
done

# Mounts of its own, gone with the last process; an environment of its own: nothing of this machine gets in.
unshare --mount --pid --fork --propagation private bash -c '
    root=$1
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev" # with its terminals
    echo "127.0.0.1 localhost $(hostname)" >"$root/etc/hosts"
    chroot "$root" /bin/sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends sudo >/dev/null 2>&1 &&
        useradd --shell /bin/bash orrery && chown -R orrery /home/orrery &&
        echo \"orrery ALL=(ALL) NOPASSWD: ALL\" >/etc/sudoers.d/orrery" || exit 1
    exec chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        CI="${CI:-}" bash -c "$2" </dev/null' _ "$root" "$command"
