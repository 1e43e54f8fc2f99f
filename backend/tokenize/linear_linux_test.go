package tokenize_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestLongTexts is against work that grows with the square of a text: 30 times the text may
// take 450 times the CPU time, where the square is 900. The collector of garbage has the caller
// help it, which was 100 ms once, so that the least of several counts.
func TestLongTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const short, factor = 1 << 10, 30
	for kind, unit := range map[string]string{
		"sentences": "The quick brown fox, 狐狸。 ", "one word": "a", "unknown characters": "鑫", "spaces": " ", "marks": "\u0301\u0323", "special": "<s> ",
	} {
		brief, long := strings.Repeat(unit, short/len(unit)), strings.Repeat(unit, short/len(unit)*factor)
		for name, c := range everything(t) {
			once := leastWork(t, 3, func() { c.encode(brief) })
			work := leastWork(t, 3, func() { c.encode(long) })
			if ratio := float64(work) / float64(once); ratio > 450 {
				t.Errorf("%s of %s: %d times the text takes %.0f times as long (%v)", kind, name, factor, ratio, work)
			}
		}
	}
}

// leastWork returns the least CPU time that f took of its thread: other programs do not count.
func leastWork(t *testing.T, times int, f func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	now := func() time.Duration {
		var spec unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &spec); err != nil {
			t.Fatal(err)
		}
		return time.Duration(spec.Nano())
	}
	least := time.Hour
	for range times {
		start := now()
		f()
		least = min(least, now()-start)
	}
	return least
}
