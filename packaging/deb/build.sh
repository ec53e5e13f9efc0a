#!/usr/bin/env bash
# Makes the .deb of PyInstaller's folder.
#   build.sh APP OUT VERSION
set -euo pipefail
APP=$1 OUT=$2 VERSION=$3
HERE=$(cd "$(dirname "$0")" && pwd)
ARCH=$(dpkg --print-architecture)
TREE=$OUT/tree
rm -rf "$TREE" && install -d -m 755 "$TREE/DEBIAN" "$TREE/opt/aiops-desktop" "$TREE/usr/bin" "$TREE/usr/share"
cp -a "$APP/." "$TREE/opt/aiops-desktop/"
mv "$TREE/opt/aiops-desktop/share"/* "$TREE/usr/share/"
rmdir "$TREE/opt/aiops-desktop/share"
ln -s /opt/aiops-desktop/aiops-desktop "$TREE/usr/bin/aiops-desktop"
DOC=$TREE/usr/share/doc/aiops-desktop
mv "$DOC/LICENSE" "$DOC/copyright"
printf '\nWhat the package brings along is under licences of its own: see third-party.md and licences/ here.\n' \
  >>"$DOC/copyright"
day=$(date -u -d "@$SOURCE_DATE_EPOCH" -R)
printf 'aiops-desktop (%s) stable; urgency=medium\n\n  * See the release notes of version %s.\n\n -- aiops desktop <aiops-desktop@localhost>  %s\n' \
  "$VERSION" "$VERSION" "$day" | gzip -n -9 >"$DOC/changelog.gz"
find "$TREE" -type d -exec chmod 755 {} +
find "$TREE/opt" -type f ! -perm -u+x -exec chmod 644 {} +
find "$TREE/opt" -type f -perm -u+x -exec chmod 755 {} +
sed "s/@VERSION@/$VERSION/;s/@ARCH@/$ARCH/;s/@SIZE@/$(du -sk --apparent-size "$TREE" | cut -f1)/" \
  "$HERE/control" >"$TREE/DEBIAN/control"
(cd "$TREE" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$TREE/DEBIAN/md5sums"
find "$TREE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz -z3 -b "$TREE" "$OUT/aiops-desktop_${VERSION}_$ARCH.deb" >/dev/null
rm -rf "$TREE"
