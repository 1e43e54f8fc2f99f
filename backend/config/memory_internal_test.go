package config

import (
	"testing"
	"testing/fstest"
)

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

func TestMachineMemory(t *testing.T) {
	machine := machineMemory(t.Context(), fstest.MapFS{})
	if machine < 64<<20 {
		t.Fatalf("got %d bytes of memory, want those of a machine that runs tests", machine)
	}
	const two, one = "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes"
	for name, c := range map[string]struct {
		file, text string
		want       int64
	}{
		"container":            {two, "33554432\n", 32 << 20},
		"older container":      {one, "33554432\n", 32 << 20},
		"container, no limit":  {two, "max\n", machine},
		"older, no limit":      {one, "9223372036854771712\n", machine},
		"nonsense":             {two, "-5", machine},
		"nothing":              {two, "0\n", machine},
		"beyond every integer": {one, "99999999999999999999\n", machine},
	} {
		t.Run(name, func(t *testing.T) {
			root := fstest.MapFS{c.file: {Data: []byte(c.text)}}
			if got := machineMemory(t.Context(), root); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
