#!/usr/bin/env bash
# Lays out what a desktop wants to know of the program under a share folder.
#   share.sh FOLDER VERSION DAY PYTHON APP
set -euo pipefail
SHARE=$1 VERSION=$2 DAY=$3 PYTHON=$4 APP=$5
HERE=$(cd "$(dirname "$0")" && pwd)
rm -rf "$SHARE"
install -d -m 755 "$SHARE/applications" "$SHARE/metainfo" "$SHARE/man/man1" \
  "$SHARE/icons/hicolor/scalable/apps" "$SHARE/doc/aiops-desktop" \
  "$SHARE/bash-completion/completions" "$SHARE/zsh/vendor-completions" \
  "$SHARE/fish/vendor_completions.d"
install -m 644 "$HERE/desktop/aiops-desktop.desktop" "$SHARE/applications/"
install -m 644 "$HERE/desktop/aiops-desktop.svg" "$SHARE/icons/hicolor/scalable/apps/"
sed "s/@VERSION@/$VERSION/;s/@DATE@/$DAY/" "$HERE/desktop/org.aiops.desktop.metainfo.xml" \
  >"$SHARE/metainfo/org.aiops.desktop.metainfo.xml"
QT_QPA_PLATFORM=offscreen "$PYTHON" "$HERE/desktop/icons.py" \
  "$HERE/desktop/aiops-desktop.svg" "$SHARE/icons/hicolor"
program() { (cd / && "$PYTHON" -m aiops_desktop "$@"); }
program manual --date "$DAY" | gzip -n -9 >"$SHARE/man/man1/aiops-desktop.1.gz"
program completion bash >"$SHARE/bash-completion/completions/aiops-desktop"
program completion zsh >"$SHARE/zsh/vendor-completions/_aiops-desktop"
program completion fish >"$SHARE/fish/vendor_completions.d/aiops-desktop.fish"
install -m 644 "$HERE/../LICENSE" "$HERE/../docs/licences.md" "$SHARE/doc/aiops-desktop/"
"$PYTHON" "$HERE/licences/collect.py" "$HERE/../requirements.lock" "$APP" "$SHARE/doc/aiops-desktop"
find "$SHARE" -type f -exec chmod 644 {} +
