package pool

import (
	"context"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v4/mem"
)

// assumedMemory stands for the memory of a machine that does not tell: 4 GiB, the least that a
// computer of today is sold with.
const assumedMemory = 4 << 30

// Memory is the bytes of memory that there are for this process: what the machine has, or the
// container that the program runs in.
func Memory(ctx context.Context) int64 { return memoryOf(ctx, os.DirFS("/")) }

// memoryOf is Memory. root is the root of the file system, where a container's limit is looked
// up; others have no such file.
func memoryOf(ctx context.Context, root fs.FS) int64 {
	total := int64(assumedMemory)
	if m, err := mem.VirtualMemoryWithContext(ctx); err == nil && m.Total > 0 {
		total = int64(min(m.Total, math.MaxInt64))
	}
	for _, name := range []string{
		"sys/fs/cgroup/memory.max",                   // version 2; "max" where there is none
		"sys/fs/cgroup/memory/memory.limit_in_bytes", // version 1; about 2^63 where there is none
	} {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
			total = min(total, limit)
		}
	}
	return total
}
