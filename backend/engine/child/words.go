package child

import (
	"strings"
	"sync"
)

// wordsBytes is how much of the beginning, and of the end, of what a child prints is kept. A
// native crash says first what it was and where, and goes on for some 20 kB.
const wordsBytes = 4 << 10

// words is an io.Writer that keeps the beginning and the end of what is written. It is safe
// for concurrent use.
type words struct {
	mu         sync.Mutex
	head, tail []byte
	lost       bool // something between the two
}

func (w *words) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fits := min(len(data), wordsBytes-len(w.head))
	w.head = append(w.head, data[:fits]...)
	w.tail = append(w.tail, data[fits:]...)
	if cut := len(w.tail) - wordsBytes; cut > 0 {
		w.tail = append(w.tail[:0], w.tail[cut:]...)
		w.lost = true
	}
	return len(data), nil
}

// quoted is empty when nothing has been written.
func (w *words) quoted() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	gap := ""
	if w.lost {
		gap = "\n[…]\n"
	}
	said := strings.TrimSpace(string(w.head) + gap + string(w.tail))
	if said == "" {
		return ""
	}
	return "; it said: " + strings.ToValidUTF8(said, "?")
}
