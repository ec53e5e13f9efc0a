#!/usr/bin/env bash
# A signed and notarised .dmg. UNTESTED: it needs a Mac and a developer's identity.
#   IDENTITY="Developer ID Application: …" PROFILE=notary-profile packaging/macos/build.sh 0.1.0
# Without IDENTITY it is signed ad hoc and not notarised; Gatekeeper then asks.
set -euo pipefail
VERSION=$1
cd "$(dirname "$0")/../.."
OUT=build/package
mkdir -p "$OUT/icon.iconset"
QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/desktop/icons.py \
  packaging/desktop/aiops-desktop.svg "$OUT/icon.png"
for size in 16 32 128 256 512; do
  sips -z $size $size "$OUT/icon.png" --out "$OUT/icon.iconset/icon_${size}x$size.png" >/dev/null
done
iconutil -c icns -o packaging/macos/aiops-desktop.icns "$OUT/icon.iconset"
.venv/bin/python -m PyInstaller --noconfirm --distpath "$OUT/dist" --workpath "$OUT/work" \
  packaging/pyinstaller/aiops-desktop.spec
APP="$OUT/dist/aiops desktop.app"
QT_QPA_PLATFORM=offscreen AIOPS_DATA_DIR=$(mktemp -d)/data \
  "$APP/Contents/MacOS/aiops-desktop" start --self-test
codesign --force --deep --options runtime --timestamp \
  --entitlements packaging/macos/entitlements.plist --sign "${IDENTITY:--}" "$APP"
hdiutil create -volname "aiops desktop" -srcfolder "$APP" -ov -format UDZO \
  "$OUT/aiops-desktop-$VERSION-macos.dmg"
if [ -n "${IDENTITY:-}" ]; then
  xcrun notarytool submit "$OUT/aiops-desktop-$VERSION-macos.dmg" --keychain-profile "$PROFILE" --wait
  xcrun stapler staple "$OUT/aiops-desktop-$VERSION-macos.dmg"
fi
