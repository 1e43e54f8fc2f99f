#!/usr/bin/env bash
# `make run`: opens the window where there is a display; without one, reads the samples on
# the command line and says where the history is.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -s)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	make --no-print-directory window
	exec build/bin/inkpool-desktop
fi

echo "No display: reading samples/ on the command line." >&2
status=0
build/bin/inkpool run samples/ || status=$?
echo >&2
echo "The history is in ${INKPOOL_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/inkpool}: build/bin/inkpool jobs list" >&2
exit $status
