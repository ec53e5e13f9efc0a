#!/usr/bin/env bash
# Builds the packages from packaging/ into build/package: the wheel, PyInstaller's folder, a tarball
# and, on Debian and its relatives, a .deb. Every artefact is started once before it counts.
#   scripts/package.sh            all of them
#   scripts/package.sh folder     the wheel and the folder alone
#   SOURCE_DATE_EPOCH             the time files in the packages carry (default: the last commit's)
set -euo pipefail
cd "$(dirname "$0")/.."
WANT=${1:-all}
ROOT=$PWD OUT=$PWD/build/package PARTS=$PWD/packaging
note() { printf '[package] %s\n' "$*"; }
needs() { command -v "$1" >/dev/null || { note "$1 is missing; run:  sudo apt-get install $2"; exit 5; }; }
export UV_SYSTEM_CERTS=1
UV=$(command -v uv || echo "$ROOT/.tools/uv/bin/uv")
VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -1)
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || date +%s)}"
export SOURCE_DATE_EPOCH
DAY=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d 2>/dev/null || date -u -r "$SOURCE_DATE_EPOCH" +%Y-%m-%d)
mkdir -p "$OUT"

# Opens the window on an empty data folder without a display; fails unless it says LOADED.
try() {
  local folder said; folder=$(mktemp -d)
  said=$(AIOPS_DATA_DIR=$folder/data HOME=$folder QT_QPA_PLATFORM=offscreen \
    PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring timeout 120 "$@" start --self-test) ||
    { note "does not start: $* ($said)"; rm -rf "$folder"; exit 1; }
  rm -rf "$folder"
  case $said in *LOADED*) ;; *) note "does not load: $*"; exit 1 ;; esac
  note "starts: $(basename "$1")"
}

# Tells the main story with a program, in a tmux and a home of its own.
tell() {
  local folder code=0; folder=$(mktemp -d)
  mkdir -m 700 "$folder/t"
  env -u TMUX PATH="$ROOT/.tools/ansible/bin:$PATH" HOME="$folder" TMUX_TMPDIR="$folder/t" QT_QPA_PLATFORM=offscreen \
    PYTHON_KEYRING_BACKEND=keyring.backends.fail.Keyring \
    timeout 400 "$@" demo --out "$folder/demo" >"$folder/said" 2>&1 || code=$?
  for socket in "$folder"/t/tmux-*/*; do
    [ ! -S "$socket" ] || tmux -S "$socket" kill-server || true
  done
  [ "$code" = 0 ] || { cat "$folder/said"; note "cannot tell the main story: $*"; exit 1; }
  rm -rf "$folder"
  note "tells the main story: $(basename "$1")"
}

# 1. An environment of its own with exactly what is locked, and the program as a wheel in it.
[ "$(uname -s)" != Linux ] || needs objdump binutils
stamp="$(cat requirements-package.lock "$0" | cksum)"
if [ "$(cat "$OUT/venv/.stamp" 2>/dev/null)" != "$stamp" ]; then
  note "making the environment to build in"
  "$UV" venv -q --no-project --clear --python "${PYTHON_SPEC:-.venv/bin/python}" "$OUT/venv"
  "$UV" pip sync -q --python "$OUT/venv/bin/python" --require-hashes requirements-package.lock
  printf '%s\n' "$stamp" >"$OUT/venv/.stamp"
fi
# What is committed is built, never what somebody is in the middle of.
rm -rf "$OUT"/*.whl "$OUT/source" && mkdir "$OUT/source"
if git rev-parse -q --verify HEAD >/dev/null 2>&1; then git archive HEAD | tar -x -C "$OUT/source"
else tar --exclude=./build --exclude=./.venv --exclude=./.tools -cf - . | tar -x -C "$OUT/source"; fi
"$UV" build -q --wheel --python "$OUT/venv/bin/python" -o "$OUT" "$OUT/source"
rm -rf "$OUT/source"
"$UV" pip install -q --python "$OUT/venv/bin/python" --no-deps --reinstall "$OUT"/*.whl
(cd / && try "$OUT/venv/bin/python" -m aiops_desktop)
note "wheel: $(basename "$OUT"/*.whl)"

# 2. The folder: the program, Python and all libraries.
note "freezing; this takes a minute or more"
(cd "$OUT" && PYTHONHASHSEED=1 venv/bin/python -m PyInstaller --noconfirm --log-level ERROR \
  --distpath dist --workpath work "$PARTS/pyinstaller/aiops-desktop.spec")
APP=$OUT/dist/aiops-desktop
# Python's own libraries come with symbols for debuggers; Qt's and the wheels' are left as they are.
[ "$(uname -s)" != Linux ] ||
  strip --strip-unneeded "$APP"/_internal/libpython*.so* "$APP"/_internal/python*/lib-dynload/*.so
mkdir -p "$APP/share"
bash "$PARTS/share.sh" "$APP/share" "$VERSION" "$DAY" "$OUT/venv/bin/python" "$APP"
try "$APP/aiops-desktop"
if command -v tmux >/dev/null && PATH="$ROOT/.tools/ansible/bin:$PATH" command -v ansible-playbook >/dev/null
then tell "$APP/aiops-desktop"; else note "the main story needs tmux and ansible-playbook; not told"; fi
note "folder: $(du -sh "$APP" | cut -f1)"
[ "$WANT" != folder ] || exit 0

# 3. The tarball: the folder, with a script that puts it into a home.
if [ "$(uname -s)" = Linux ]; then
  arch=$(uname -m)
  name=aiops-desktop-$VERSION-linux-$arch
  rm -rf "$OUT/tar" && mkdir -p "$OUT/tar/$name"
  cp -a "$APP/." "$OUT/tar/$name/"
  install -m 755 "$PARTS/tarball/install.sh" "$PARTS/tarball/uninstall.sh" "$OUT/tar/$name/"
  tar -C "$OUT/tar" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
    -cf - "$name" | gzip -n -6 >"$OUT/$name.tar.gz"
  rm -rf "$OUT/tar" "$OUT/try" && mkdir "$OUT/try"
  tar -C "$OUT/try" -xzf "$OUT/$name.tar.gz"
  try "$OUT/try/$name/aiops-desktop"
  rm -rf "$OUT/try"
  note "tarball: $(du -h "$OUT/$name.tar.gz" | cut -f1)"
fi

# 4. The .deb.
if command -v dpkg-deb >/dev/null; then
  bash "$PARTS/deb/build.sh" "$APP" "$OUT" "$VERSION"
  deb=$(ls "$OUT"/aiops-desktop_"$VERSION"_*.deb)
  rm -rf "$OUT/try" && dpkg-deb -x "$deb" "$OUT/try"
  try "$OUT/try/opt/aiops-desktop/aiops-desktop"
  rm -rf "$OUT/try"
  note "deb: $(du -h "$deb" | cut -f1)"
fi

# 5. The .rpm, where there is an rpmbuild; the spec itself says with which words.
if command -v rpmbuild >/dev/null && command -v rpm2archive >/dev/null; then
  rm -rf "$OUT/rpm" "$OUT"/*.rpm
  rpmbuild -bb --quiet "$PARTS/rpm/aiops-desktop.spec" --define "app $APP" --define "number $VERSION" \
    --define "_topdir $OUT/rpm" --define "use_source_date_epoch_as_buildtime 1" \
    --define "clamp_mtime_to_source_date_epoch 1" --define "_buildhost localhost" >"$OUT/rpm.log" 2>&1 ||
    { tail -n 20 "$OUT/rpm.log"; note "the .rpm could not be built"; exit 1; }
  mv "$OUT"/rpm/RPMS/*/*.rpm "$OUT/"
  rpm=$(ls "$OUT"/aiops-desktop-"$VERSION"-*.rpm)
  rm -rf "$OUT/rpm" "$OUT/try" && mkdir "$OUT/try"
  rpm2archive - <"$rpm" | tar -xz -C "$OUT/try"
  try "$OUT/try/opt/aiops-desktop/aiops-desktop"
  rm -rf "$OUT/try" "$OUT/rpm.log"
  note "rpm: $(du -h "$rpm" | cut -f1)"
fi
(cd "$OUT" && sha256sum ./*.whl ./*.tar.gz ./*.deb ./*.rpm 2>/dev/null >SHA256SUMS || true)
note "ready in build/package"
