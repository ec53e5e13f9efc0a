#!/usr/bin/env bash
# Tries the .deb in a new Debian as a stranger would: install, look, a day's round, upgrade, remove.
# Needs root, debootstrap and Debian's packages; with Xvfb it opens the window on X11, too.
#   packaging/deb/try.sh [DEB]      (make try-deb; the newest of build/package when none is named)
#   TRY_SUITE, TRY_MIRROR           which Debian (bookworm, http://deb.debian.org/debian)
# Report and pictures: build/try. The bare system is kept there for the next time.
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C.UTF-8
SUITE=${TRY_SUITE:-bookworm} MIRROR=${TRY_MIRROR:-http://deb.debian.org/debian}
OUT=$PWD/build/try BASE=$PWD/build/try/base-$SUITE ROOT=$PWD/build/try/root
DEB=${1:-$(ls -t build/package/*.deb 2>/dev/null | head -1)}
say() { printf '%s\n' "$*" | tee -a "$OUT/report.txt"; }
fail() { say "  ✗ $*"; tail -n 20 "$OUT/said" >&2; exit 1; }
# step WORDS COMMAND…: done or the end of it all.
step() { local told=$1; shift; "$@" >"$OUT/said" 2>&1 || fail "$told"; say "  ✓ $told"; }
# finds TEXT: what the last step said holds it.
finds() { grep -qF -- "$1" "$OUT/said" || fail "not said: $1"; }

if [ "${INSIDE:-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || { echo "This needs root: sudo $0"; exit 5; }
  command -v debootstrap >/dev/null || { echo "debootstrap is missing; run:  sudo apt-get install -y debootstrap"; exit 5; }
  [ -f "$DEB" ] || { echo "There is no .deb; run “make package”."; exit 5; }
  mkdir -p "$OUT"
  if ! [ -f "$BASE/.ready" ]; then
    echo "making a bare Debian ($SUITE)"
    rm -rf "$BASE"
    debootstrap --variant=minbase "$SUITE" "$BASE" "$MIRROR" >"$OUT/said" 2>&1 || { tail "$OUT/said"; exit 1; }
    touch "$BASE/.ready"
  fi
  # In namespaces of its own: what is mounted and started there ends with it.
  code=0
  INSIDE=1 unshare --mount --pid --fork --kill-child bash packaging/deb/try.sh "$DEB" || code=$?
  rm -rf "$ROOT" "$OUT/said" "$OUT/said.left"
  exit "$code"
fi

# The system ----------------------------------------------------------------------------------------
rm -rf "$ROOT"
cp -a "$BASE" "$ROOT"
mount --make-rprivate /
mount -t proc proc "$ROOT/proc"
mount -t tmpfs tmpfs "$ROOT/dev"
mkdir "$ROOT/dev/pts" "$ROOT/dev/shm"
for name in null zero full random urandom tty; do
  touch "$ROOT/dev/$name"
  mount --bind "/dev/$name" "$ROOT/dev/$name"
done
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$ROOT/dev/pts"
ln -s pts/ptmx "$ROOT/dev/ptmx"
mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
cp /etc/resolv.conf /etc/hosts "$ROOT/etc/"
: >"$OUT/report.txt"
inside() { chroot "$ROOT" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
  ${http_proxy:+http_proxy="$http_proxy"} "$@"; }
person() { chroot "$ROOT" setpriv --reuid=person --regid=person --init-groups env -i HOME=/home/person \
  USER=person SHELL=/bin/bash PATH=/usr/bin:/bin LANG=C.UTF-8 TERM=xterm DISPLAY="${SCREEN:-}" bash -c "cd && $1"; }
packages() { inside dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' | sort; }
# All files but those of the person, of apt and of logs.
files() { (cd "$ROOT" && find . -xdev \( -path ./home -o -path ./proc -o -path ./dev -o -path ./tmp -o -path ./root \
  -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log \) -prune -o -print | sort); }
picture() { # of the whole screen, by the project's own Qt
  DISPLAY=$SCREEN QT_QPA_PLATFORM=xcb .venv/bin/python -c '
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
sys.exit(not app.primaryScreen().grabWindow(0).save(sys.argv[1]))' "$1"
}

inside useradd -m -s /bin/bash person
inside apt-get update -qq
packages >"$OUT/packages.before"
files >"$OUT/files.before"
new=$(dpkg-deb -f "$DEB" Version) old=0.0.1
cp "$DEB" "$ROOT/tmp/new.deb"
dpkg-deb -R "$DEB" "$OUT/older" # the same program under a lower number
sed -i "s/^Version: .*/Version: $old/" "$OUT/older/DEBIAN/control"
dpkg-deb --root-owner-group -Zgzip -z1 -b "$OUT/older" "$ROOT/tmp/old.deb" >/dev/null
rm -rf "$OUT/older"

# The round -----------------------------------------------------------------------------------------
say "$(basename "$DEB") in a bare Debian ($SUITE)"
step "installs with what it declares, as version $old" inside apt-get install -y --no-install-recommends /tmp/old.deb
say "    $(($(packages | wc -l) - $(wc -l <"$OUT/packages.before"))) packages came"
step "has every library it loads" inside bash -c \
  'found=$(find /opt/aiops-desktop -name "*.so*" -type f -exec env LD_LIBRARY_PATH=/opt/aiops-desktop/_internal ldd {} + 2>/dev/null |
   grep "not found" | sort -u); echo "$found"; [ -z "$found" ]'
step "says its version" person 'aiops-desktop --version'
step "opens its window without a display (--self-test)" person 'aiops-desktop --self-test'
finds LOADED
step "finds all it needs (doctor)" person 'aiops-desktop doctor'
step "shows its manual, and completes" person \
  'zcat /usr/share/man/man1/aiops-desktop.1.gz | grep -q "sync.-issues" && bash -n /usr/share/bash-completion/completions/aiops-desktop'
step "has the licences of what it brings" person \
  'grep -q PySide6 /usr/share/doc/aiops-desktop/third-party.md && test -s /usr/share/doc/aiops-desktop/licences/shiboken6/LGPL-3.0.txt'
step "gets a tenant and a project" person \
  'git init -q -b main up && cd up && git -c user.name=P -c user.email=p@example.com commit -q --allow-empty -m First &&
   aiops-desktop tenant add Acme && aiops-desktop project add acme file:///home/person/up --name Site'
step "clones it" person 'aiops-desktop clone acme/site && test -d .local/share/aiops-desktop/checkouts/acme/site/.git'
step "makes its terminal in tmux" person 'aiops-desktop session open acme/site --tool shell && aiops-desktop session list'
finds acme-shell
if command -v Xvfb >/dev/null; then
  coproc SERVER { exec Xvfb -displayfd 1 -screen 0 1440x900x24 -nolisten tcp -ac 2>/dev/null; }
  read -r number <&"${SERVER[0]}"
  SCREEN=:$number
  step "opens its window on X11" person 'aiops-desktop start --background --project acme/site && aiops-desktop status'
  sleep 5 # for the picture alone: nothing says when the last line is painted
  step "is painted (build/try/window.png)" picture "$OUT/window.png"
  step "is upgraded to $new while its window is open" inside apt-get install -y --no-install-recommends /tmp/new.deb
  step "still answers, and closes" person 'aiops-desktop status && aiops-desktop stop'
  SCREEN=
else
  step "is upgraded to $new" inside apt-get install -y --no-install-recommends /tmp/new.deb
fi
step "has its data after the upgrade" person 'aiops-desktop project list --json && aiops-desktop --self-test'
finds '"site"'
step "still has the session" person 'aiops-desktop session list'
finds acme-shell
step "is purged" inside apt-get purge -y aiops-desktop
step "takes along what came with it" inside apt-get autoremove --purge -y \
  -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false
packages | diff "$OUT/packages.before" - >"$OUT/said" || fail "packages are left"
say "  ✓ leaves no package behind"
files | diff "$OUT/files.before" - | grep '^>' >"$OUT/said.left" || true
# What other packages' own scripts leave (caches of ldconfig, fonts, users) is theirs.
if grep -i aiops "$OUT/said.left" >"$OUT/said"; then fail "files are left"; fi
say "  ✓ leaves no file behind outside the person's home ($(wc -l <"$OUT/said.left") are left by what came along)"
step "leaves the person's data" person 'test -s .local/share/aiops-desktop/aiops.db && test -d .local/share/aiops-desktop/checkouts/acme/site'
(cd "$ROOT/home/person" && find . -mindepth 1 -maxdepth 4 ! -path './up/*' -newer "$ROOT/tmp/old.deb" | sort) >"$OUT/home.txt"
say "All went well; what is in the home now stands in build/try/home.txt."
