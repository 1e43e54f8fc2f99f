# Sourced by the end-to-end tests: a display of their own, and waiting for things.

fail() {
	echo "FAIL: $*" >&2
	exit 1
}

# wait_for SECONDS COMMAND... runs the command until it succeeds.
wait_for() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}

# start_display opens an Xvfb with a window manager and sets DISPLAY; stop_display ends it.
start_display() {
	local number
	exec {number_pipe}<> <(:)
	Xvfb -displayfd "$number_pipe" -screen 0 1280x860x24 -nolisten tcp 2>"$work/xvfb.log" &
	display_pids=($!)
	read -r -t 20 -u "$number_pipe" number || fail "Xvfb did not start: $(cat "$work/xvfb.log")"
	export DISPLAY=":$number" NO_AT_BRIDGE=1
	unset WAYLAND_DISPLAY
	openbox >"$work/openbox.log" 2>&1 &
	display_pids+=($!)
}

stop_display() {
	kill "${display_pids[@]}" 2>/dev/null || true
	wait "${display_pids[@]}" 2>/dev/null || true
}
