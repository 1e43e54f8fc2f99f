package label

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/inkpool/inkpool/backend/tokenize"
)

// All tokens are seen where that is possible, as often each as can be, and the windows are
// alike; of longer texts the beginning and the end are.
func TestSamples(t *testing.T) {
	for n := range 400 {
		for _, room := range []int{1, 2, 7, 10, 14} {
			windows := samples(n, room)
			seen := make([]int, n)
			for _, w := range windows {
				if w.size() > room || w.size() != windows[0].size() || w.from < 0 || w.to > n {
					t.Fatalf("%d tokens in %d: got %v", n, room, windows)
				}
				for i := w.from; i < w.to; i++ {
					seen[i]++
				}
			}
			if len(windows) > maxWindows || windows[0].from != 0 || windows[len(windows)-1].to != n {
				t.Fatalf("%d tokens in %d: got %v", n, room, windows)
			}
			if n <= maxWindows*room && slices.Contains(seen, 0) {
				t.Fatalf("%d tokens in %d: got %v, which leave some out", n, room, windows)
			}
		}
	}
}

// A token is kept from the window in which the nearest cut is furthest away, found by trying.
func TestKeepers(t *testing.T) {
	for n := 1; n < 200; n++ {
		for _, room := range []int{4, 5, 13, 14, 510} {
			windows := overlapping(n, room)
			got := keepers(windows, n)
			for i, w := range got {
				if most := slowSight(windows[w], i, n); most < 1 {
					t.Fatalf("token %d of %d in %d: got window %d, which does not have it", i, n, room, w)
				} else if w != slowKeeper(windows, i, n) {
					t.Fatalf("token %d of %d in %d: got window %d, want %d", i, n, room, w, slowKeeper(windows, i, n))
				} else if most < min(n, room)/8 {
					t.Fatalf("token %d of %d in %d: sees %d tokens only", i, n, room, most)
				}
			}
		}
	}
}

func slowKeeper(windows []span, i, n int) int {
	best := 0
	for w := range windows {
		if slowSight(windows[w], i, n) > slowSight(windows[best], i, n) {
			best = w
		}
	}
	return best
}

// slowSight is how many tokens there are from token i to the nearest cut, itself included; 0
// outside of the window.
func slowSight(w span, i, n int) int {
	if i < w.from || i >= w.to {
		return 0
	}
	sight := n
	if w.from > 0 {
		sight = min(sight, i-w.from+1)
	}
	if w.to < n {
		sight = min(sight, w.to-i)
	}
	return sight
}

func TestSplit(t *testing.T) {
	put := tokenize.Token{ID: 1, Special: true}
	word := func(start int) tokenize.Token { return tokenize.Token{ID: 2, Start: start, End: start + 1} }
	mark := tokenize.Token{ID: 1, Special: true, Start: 1, End: 6} // "[SEP]" in the text itself
	for name, c := range map[string]struct {
		tokens              []tokenize.Token
		head, content, tail int
	}{
		"plain":       {[]tokenize.Token{put, word(0), word(1), put}, 1, 2, 1},
		"no template": {[]tokenize.Token{word(0), word(1)}, 0, 2, 0},
		"end only":    {[]tokenize.Token{word(0), put}, 0, 1, 1},
		"pair":        {[]tokenize.Token{put, word(0), put, word(0), word(1), put}, 1, 1, 4},
		"in the text": {[]tokenize.Token{put, word(0), mark, word(7), put}, 1, 3, 1},
		"empty":       {[]tokenize.Token{put, put}, 2, 0, 0},
		"nothing":     {nil, 0, 0, 0},
	} {
		s := split(c.tokens)
		if len(s.head) != c.head || len(s.content) != c.content || len(s.tail) != c.tail {
			t.Errorf("%s: got %d, %d, %d; want %d, %d, %d", name, len(s.head), len(s.content), len(s.tail), c.head, c.content, c.tail)
		}
	}
}

// A window never changes the tokens that others are made of.
func TestWindowsAreCopies(t *testing.T) {
	s := sequence{head: make([]tokenize.Token, 1, 9), content: make([]tokenize.Token, 6), tail: make([]tokenize.Token, 1)}
	for i := range s.content {
		s.content[i].ID = 1 + rand.IntN(9)
	}
	before := slices.Clone(s.content)
	a, b := s.window(span{0, 3}), s.window(span{3, 6})
	for i := range a {
		a[i].ID, b[i].ID = -1, -2
	}
	if !slices.Equal(s.content, before) || a[1].ID != -1 {
		t.Errorf("got %v, want %v", s.content, before)
	}
}
