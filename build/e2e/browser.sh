#!/usr/bin/env bash
# End to end in a browser: the page on the real backend, driven by Chromium.
#
#   build/e2e/browser.sh [FOLDER]     screenshots go to FOLDER, if given
#
# Wails' development build serves the page and the Go methods over HTTP on this machine; it
# opens its own window too, hence the display.
set -euo pipefail
cd "$(dirname "$0")/../.."
source build/e2e/display.sh

work=$(mktemp -d)
# Everything a person has chosen before, the language too, is out of sight.
export XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
export INKPOOL_HOME=$work/home SHOTS=${1:-}
app=
stop() {
	[ -z "$app" ] || { kill "$app" 2>/dev/null || true; wait "$app" 2>/dev/null || true; }
	stop_display
	rm -rf "$work"
}
trap stop EXIT

served() { node -e "fetch('http://127.0.0.1:$port/').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; }

go build -tags dev,webkit2_41 -o "$work/inkpool-dev" .
go run ./build/e2e/lockedpdf sesame >"$work/locked.pdf"
cp -R backend/modelpack/packtest/testdata/marian "$work/opus-mt-en-zh" # the name says the languages
start_display
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })")
"$work/inkpool-dev" -assetdir frontend/dist -devserver "127.0.0.1:$port" >"$work/app.log" 2>&1 &
app=$!
wait_for 30 served || fail "the page is not served: $(cat "$work/app.log")"
INKPOOL_E2E_FILES=$PWD/samples INKPOOL_E2E_LOCKED=$work/locked.pdf INKPOOL_E2E_MODEL=$work/opus-mt-en-zh \
	node frontend/e2e/browser.mjs "http://127.0.0.1:$port" ||
	fail "see above; the program said: $(tail -n 20 "$work/app.log")"
echo "browser: 1 passed, 0 failed"
