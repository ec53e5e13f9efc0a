#!/usr/bin/env bash
# Lays out what a desktop wants to know of the program under a share folder.
#   share.sh FOLDER VERSION DAY PYTHON
set -euo pipefail
SHARE=$1 VERSION=$2 DAY=$3 PYTHON=$4
HERE=$(cd "$(dirname "$0")" && pwd)
rm -rf "$SHARE"
install -d -m 755 "$SHARE/applications" "$SHARE/metainfo" "$SHARE/man/man1" \
  "$SHARE/icons/hicolor/scalable/apps" "$SHARE/doc/aiops-desktop"
install -m 644 "$HERE/desktop/aiops-desktop.desktop" "$SHARE/applications/"
install -m 644 "$HERE/desktop/aiops-desktop.svg" "$SHARE/icons/hicolor/scalable/apps/"
sed "s/@VERSION@/$VERSION/;s/@DATE@/$DAY/" "$HERE/desktop/org.aiops.desktop.metainfo.xml" \
  >"$SHARE/metainfo/org.aiops.desktop.metainfo.xml"
QT_QPA_PLATFORM=offscreen "$PYTHON" "$HERE/desktop/icons.py" \
  "$HERE/desktop/aiops-desktop.svg" "$SHARE/icons/hicolor"
"$PYTHON" "$HERE/desktop/manpage.py" "$VERSION" "$DAY" | gzip -n -9 >"$SHARE/man/man1/aiops-desktop.1.gz"
install -m 644 "$HERE/../LICENSE" "$HERE/../docs/licences.md" "$SHARE/doc/aiops-desktop/"
chmod 644 "$SHARE"/metainfo/* "$SHARE"/man/man1/*
