#!/bin/sh
# Removes what install.sh made; the data folder is left alone.
#   uninstall.sh [PREFIX]
set -eu
prefix=${1:-$HOME/.local}
app=$prefix/opt/aiops-desktop
[ -x "$app/aiops-desktop" ] || { echo "There is nothing in $app."; exit 1; }
"$app/aiops-desktop" stop >/dev/null 2>&1 || true
(cd "$app/share" && find . -type f ! -path './doc/*') | while read -r file; do
  rm -f "$prefix/share/$file"
done
rm -f "$prefix/bin/aiops-desktop"
rm -rf "$app"
# Folders that were made for it and are empty now.
for folder in share/applications share/metainfo share/man/man1 share/man opt \
  share/bash-completion/completions share/bash-completion share/zsh/vendor-completions share/zsh \
  share/fish/vendor_completions.d share/fish; do
  rmdir "$prefix/$folder" 2>/dev/null || true
done
find "$prefix/share/icons" -depth -type d -empty -delete 2>/dev/null || true
for folder in bin share; do rmdir "$prefix/$folder" 2>/dev/null || true; done
echo "Removed. Your data folder stays where it is."
