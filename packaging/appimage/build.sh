#!/usr/bin/env bash
# An AppImage of PyInstaller's folder. UNTESTED: appimagetool and its runtime are not in any package
# registry; a build machine brings both, pinned by the hashes given here.
#   scripts/package.sh folder
#   APPIMAGETOOL=/path/to/appimagetool RUNTIME=/path/to/runtime-x86_64 \
#   APPIMAGETOOL_SHA256=… RUNTIME_SHA256=… packaging/appimage/build.sh 0.1.0
set -euo pipefail
VERSION=$1
cd "$(dirname "$0")/../.."
APP=build/package/dist/aiops-desktop DIR=build/package/AppDir
: "${APPIMAGETOOL:?the path of appimagetool}" "${RUNTIME:?the path of its type 2 runtime}"
for pair in "$APPIMAGETOOL:${APPIMAGETOOL_SHA256:?}" "$RUNTIME:${RUNTIME_SHA256:?}"; do
  echo "${pair##*:}  ${pair%:*}" | sha256sum -c --quiet
done
rm -rf "$DIR" && mkdir -p "$DIR/usr/lib" "$DIR/usr/share"
cp -a "$APP" "$DIR/usr/lib/aiops-desktop"
mv "$DIR/usr/lib/aiops-desktop/share"/* "$DIR/usr/share/"
rmdir "$DIR/usr/lib/aiops-desktop/share"
cp "$DIR/usr/share/applications/aiops-desktop.desktop" "$DIR/usr/share/icons/hicolor/scalable/apps/aiops-desktop.svg" "$DIR/"
ln -s aiops-desktop.svg "$DIR/.DirIcon"
printf '#!/bin/sh\nexec "$(dirname "$(readlink -f "$0")")/usr/lib/aiops-desktop/aiops-desktop" "$@"\n' >"$DIR/AppRun"
chmod 755 "$DIR/AppRun"
ARCH=$(uname -m) VERSION=$VERSION "$APPIMAGETOOL" --runtime-file "$RUNTIME" --no-appstream \
  "$DIR" "build/package/aiops-desktop-$VERSION-$(uname -m).AppImage"
QT_QPA_PLATFORM=offscreen AIOPS_DATA_DIR=$(mktemp -d)/data \
  "build/package/aiops-desktop-$VERSION-$(uname -m).AppImage" --appimage-extract-and-run start --self-test
