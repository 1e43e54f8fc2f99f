package pool

import (
	"testing"
	"testing/fstest"
)

func TestMemory(t *testing.T) {
	machine := memoryOf(t.Context(), fstest.MapFS{})
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
			if got := memoryOf(t.Context(), root); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
