#!/usr/bin/env bash
# Installs the system packages that are missing: setup.sh window | test | models
#   window  what the window is built with
#   test    a display without a screen, a browser, something that drags and drops, and strace,
#           which lets system calls fail
#   models  what bench/models/make.py writes models with
# On a system without apt, or without the right to install, it says what to install.
set -euo pipefail

window=(pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)
tests=(xvfb openbox xdotool python3-gi gir1.2-gtk-3.0 imagemagick x11-utils chromium fonts-noto-cjk strace)
models=(python3-onnx python3-numpy python3-sentencepiece sentencepiece)

case "${1:-}" in
window) wanted=("${window[@]}") ;;
test) wanted=("${window[@]}" "${tests[@]}") ;;
models) wanted=("${models[@]}") ;;
*) echo "usage: setup.sh window|test|models" >&2; exit 2 ;;
esac

case "$(uname -s)" in
Linux) ;;
*) exit 0 ;; # the README says what macOS and Windows need
esac

if ! command -v dpkg-query >/dev/null; then
	if pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2>/dev/null; then exit 0; fi
	echo "setup: install the development packages of GTK 3 and WebKitGTK 4.1, and pkg-config." >&2
	exit 1
fi

missing=()
for package in "${wanted[@]}"; do
	dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
	as_root=()
elif command -v sudo >/dev/null; then
	as_root=(sudo)
else
	echo "setup: ask an administrator to run: apt-get install ${missing[*]}" >&2
	exit 1
fi
echo "setup: installing ${missing[*]}" >&2
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
