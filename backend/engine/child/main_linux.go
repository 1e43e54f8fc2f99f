package child

import (
	"os"
	"strconv"
	"syscall"
)

const (
	backgroundNice = 10  // -20..19; 0 is usual. At 10 a process gets a tenth of the CPU beside one at 0
	oomScoreAdjust = 500 // -1000..1000; at 500 it counts as if it took half the memory more
)

// standBack lets the out-of-memory killer take this process before the window: it can be
// replaced. Where that is not allowed, all are equal.
func standBack() {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte(strconv.Itoa(oomScoreAdjust)), 0)
}

// lowerPriority makes this process polite, as far as it is allowed. On Linux priority
// belongs to threads; new ones inherit that of the thread which starts them. So every thread
// gets it, until none appears any more that has not.
func lowerPriority() {
	lowered := map[string]bool{}
	for again := true; again; {
		again = false
		threads, err := os.ReadDir("/proc/self/task")
		if err != nil {
			return
		}
		for _, t := range threads {
			if id, err := strconv.Atoi(t.Name()); err == nil && !lowered[t.Name()] {
				_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, backgroundNice)
				lowered[t.Name()], again = true, true
			}
		}
	}
}
