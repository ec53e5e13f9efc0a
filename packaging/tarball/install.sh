#!/bin/sh
# Puts the program into the person's own home; nothing needs root.
#   ./install.sh [PREFIX]    default ~/.local; the program goes to PREFIX/opt/aiops-desktop
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}
app=$prefix/opt/aiops-desktop
for program in git ssh tmux; do
  command -v "$program" >/dev/null || echo "Missing: $program. Install it with your system's packages."
done
mkdir -p "$prefix/opt" "$prefix/bin" "$prefix/share"
rm -rf "$app.new" "$app.old"
cp -a "$here" "$app.new"
[ ! -d "$app" ] || mv "$app" "$app.old"
mv "$app.new" "$app"
rm -rf "$app.old"
ln -sf "$app/aiops-desktop" "$prefix/bin/aiops-desktop"
(cd "$app/share" && find . -type f ! -path './doc/*') | while read -r file; do
  mkdir -p "$prefix/share/$(dirname "$file")"
  cp "$app/share/$file" "$prefix/share/$file"
done
sed -i "s|^Exec=aiops-desktop|Exec=\"$app/aiops-desktop\"|" "$prefix/share/applications/aiops-desktop.desktop"
echo "Installed in $app. Start it with:  $prefix/bin/aiops-desktop"
echo "Remove it with:  $app/uninstall.sh $prefix   (your data folder stays)"
