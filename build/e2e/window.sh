#!/usr/bin/env bash
# End to end on the real window: drops real files on it, looks at the screen, starts it
# again and looks whether the history is still there.
#
#   build/e2e/window.sh [FOLDER]      screenshots go to FOLDER, else to a temporary one
#
# What the screen shows is read by Inkpool itself: a page that is blank, has navigated away
# or shows the wrong result cannot pass.
set -Eeuo pipefail
trap 'echo "FAIL: line $LINENO" >&2' ERR
cd "$(dirname "$0")/../.."
source build/e2e/display.sh

work=$(mktemp -d)
shots=${1:-$work}
mkdir -p "$shots"
inkpool=$PWD/build/bin/inkpool
window=$PWD/build/bin/inkpool-desktop
# Everything a person has chosen before, the language too, is out of sight.
export XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
export INKPOOL_HOME=$work/home LC_ALL=C.UTF-8 LANGUAGE=en
app=
stop_app() {
	[ -z "$app" ] || { kill "$app" 2>/dev/null || true; wait "$app" 2>/dev/null || true; }
	app=
}
trap 'stop_app; stop_display; rm -rf "$work"' EXIT

"$inkpool" version | grep -q 'PP-OCR' || fail "the models are not built in: run make setup"

start_app() { # PATH... are opened at once
	"$window" "$@" >"$work/app.log" 2>&1 &
	app=$!
	wait_for 30 xdotool search --onlyvisible --name '^Inkpool' || fail "no window: $(cat "$work/app.log")"
}

# photograph NAME takes a picture of the screen. A display that is just being drawn on refuses at
# times; whoever looks at the picture looks again, or finds none.
photograph() { import -window root "$shots/$1.png" || true; }

# drop PATH... drags files from another window and lets go over the middle of ours.
drop() {
	/usr/bin/python3 build/e2e/dragsrc.py "$@" >"$work/drag.log" 2>"$work/drag.err" &
	local source=$! x y tx=640 ty=430 i
	wait_for 20 grep -q READY "$work/drag.log" || fail "no drag source: $(cat "$work/drag.err")"
	read -r x y < <(sed -n 's/^READY //p' "$work/drag.log")
	xdotool mousemove "$x" "$y" sleep 0.2 mousedown 1 sleep 0.2
	for i in 1 2 3 4 5 6; do xdotool mousemove $((x + 6 * i)) $((y + 6 * i)) sleep 0.04; done
	for i in $(seq 10); do xdotool mousemove $((x + (tx - x) * i / 10)) $((y + (ty - y) * i / 10)) sleep 0.04; done
	xdotool mousemove $((tx + 2)) $((ty + 2)) sleep 0.3
	photograph dragging
	xdotool mousemove $tx $ty sleep 0.3 mouseup 1
	wait_for 20 grep -q DRAG-END "$work/drag.log" || fail "the drop did not end: $(cat "$work/drag.log")"
	kill $source && wait $source 2>/dev/null || true
	grep -q DATA-GET "$work/drag.log" || fail "nobody took the files: $(cat "$work/drag.log")"
}

# The command line may read the history while the window works on it.
ended() { "$inkpool" jobs list --format json | grep -q "\"state\": \"$1\""; }

# shows NAME WORDS... looks at the screen until it shows all the words.
shows() {
	local name=$1 words=("${@:2}") deadline=$((SECONDS + 40)) word missing
	while :; do
		photograph "$name"
		INKPOOL_HOME=$work/reader "$inkpool" run --no-history "$shots/$name.png" >"$work/screen.txt" 2>"$work/screen.err" || true
		missing=
		for word in "${words[@]}"; do
			tr -d ' \n' <"$work/screen.txt" | grep -qF "$(tr -d ' ' <<<"$word")" || missing=$word
		done
		[ -z "$missing" ] && { echo "ok   $name"; return; }
		[ $SECONDS -lt $deadline ] || fail "$name: the screen does not show «$missing» but: $(cat "$work/screen.txt" "$work/screen.err")"
	done
}

start_display
start_app
shows empty 'Drop'

mkdir "$work/a folder"
cp samples/chinese-receipt.png "$work/小票 #1 100%.png"
printf 'no picture' | gzip >"$work/a folder/broken.jpg"
head -c 200 samples/poster.jpg >"$work/a folder/cut.jpg"
printf 'plain words in a file' >"$work/a folder/note.txt"
drop "$work/小票 #1 100%.png" "$work/a folder"
wait_for 60 ended failed || fail "the job did not end: $("$inkpool" jobs list)"
"$inkpool" jobs list --format json | tr -d ' \n' | grep -q '"tasks":4.*"done":2.*"failed":2' ||
	fail "four files, two of them broken: $("$inkpool" jobs list --format json)"
truth=$(head -n 1 samples/.truth/chinese-receipt.png.txt)
shows dropped "$truth"

# A folder as Hugging Face has them is installed, and translates a text and a picture.
cp -R backend/modelpack/packtest/testdata/marian "$work/opus-mt-en-zh" # the name says the languages
drop "$work/opus-mt-en-zh"
installed() { "$inkpool" models list | grep -q 'opus-mt-en-zh.*installed'; }
wait_for 30 installed || fail "the model is not installed: $("$inkpool" models list)"
shows model 'Translate'
stop_app
printf '{"steps": {"translate": {"to": "zh-Hans"}}}' >"$INKPOOL_HOME/config.json"
start_app
printf 'The cat sees a good house.' >"$work/cat.txt"
drop "$work/cat.txt" samples/english-page.png
translated() {
	"$inkpool" export 2 --format jsonl --out "$work/out.jsonl" --force &&
		[ "$(grep -c '"translation":{"from":"en","to":"zh-Hans"' "$work/out.jsonl")" = 2 ]
}
wait_for 60 translated || fail "a text and a picture: $(cat "$work/out.jsonl")"
shows translated 'The cat sees a good house' 'Simplified Chinese'

stop_app
start_app samples/slide.gif
shows restarted '小票#1' slide.gif
grep -q 'window is ready' "$INKPOOL_HOME/logs/inkpool.log" || fail "the log does not say when the window was ready"
sed -n 's/.*msg="window is ready" /window ready /p' "$INKPOOL_HOME/logs/inkpool.log"
echo "window: 1 passed, 0 failed"
