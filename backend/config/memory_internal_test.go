package config

import "testing"

func TestMemoryLimit(t *testing.T) {
	for name, c := range map[string]struct {
		chosen Bytes
		want   int64
	}{
		"a quarter": {Bytes{}, 2 << 30},
		"a share":   {Bytes{Percent: 50}, 4 << 30},
		"an amount": {Bytes{Count: 3 << 30}, 3 << 30},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (Settings{MemoryBudget: c.chosen}).memoryLimit(8 << 30); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
	if got := (Settings{MemoryBudget: Bytes{Count: 3 << 30}}).MemoryLimit(t.Context()); got != 3<<30 {
		t.Errorf("on this machine: got %d, want the amount", got)
	}
}
