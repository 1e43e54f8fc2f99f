package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// pass is one reading of some pictures, from the start of the first process to the end of
// the last, loading the models included.
type pass struct {
	cpu      time.Duration // of all processes and their children
	wall     time.Duration
	peak     uint64 // resident bytes: the sum of what each process had at its highest
	readings []reading
}

// job is one process of a pass.
type job struct {
	cmd      *exec.Cmd
	pictures []string
	out, log bytes.Buffer
	err      error // how it ended
}

// read lets c read pictures once. The error is unreadable if c works, but cannot read some of
// them. Lists of pictures are written to scratch.
func (c contender) read(ctx context.Context, pictures []string, scratch string) (pass, error) {
	var jobs []*job
	for i, hand := range deal(pictures, c.processes) {
		j, err := c.prepare(ctx, hand, filepath.Join(scratch, fmt.Sprintf("list-%d.txt", i)))
		if err != nil {
			return pass{}, err
		}
		jobs = append(jobs, j)
	}
	spent, err := runAll(jobs)
	if err != nil {
		return pass{}, fmt.Errorf("run %s: %w", c.name, err)
	}
	if err := ctx.Err(); err != nil {
		return pass{}, err // what is missing is not the pictures' fault
	}
	for _, j := range jobs {
		readings, err := c.readingsOf(j)
		if err != nil {
			return pass{}, err
		}
		spent.readings = append(spent.readings, readings...)
	}
	return spent, nil
}

func (c contender) prepare(ctx context.Context, pictures []string, list string) (*job, error) {
	if err := os.WriteFile(list, []byte(strings.Join(pictures, "\n")+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("write list of pictures: %w", err)
	}
	j := &job{pictures: pictures}
	j.cmd = exec.CommandContext(ctx, c.argv[0], slices.Concat(c.argv[1:], []string{list}, c.rest)...)
	j.cmd.Env = append(os.Environ(), c.env...)
	j.cmd.Stdout, j.cmd.Stderr = &j.out, &j.log
	return j, nil
}

// runAll starts all jobs and waits for all of them.
func runAll(jobs []*job) (pass, error) {
	var pids []int32
	began := time.Now()
	for i, j := range jobs {
		if err := j.cmd.Start(); err != nil {
			stop(jobs[:i])
			return pass{}, err
		}
		pids = append(pids, int32(j.cmd.Process.Pid))
	}
	w := watch(pids)
	var spent pass
	for _, j := range jobs {
		j.err = j.cmd.Wait()
		spent.cpu += j.cmd.ProcessState.UserTime() + j.cmd.ProcessState.SystemTime()
	}
	spent.wall = time.Since(began)
	seen := w.end()
	spent.peak = seen.peak
	// What a child used counts only when its parent has waited for it. One that is left
	// behind is at least not forgotten.
	spent.cpu = max(spent.cpu, seen.cpu)
	return spent, nil
}

func stop(jobs []*job) {
	for _, j := range jobs {
		j.err = errors.Join(j.cmd.Process.Kill(), j.cmd.Wait())
	}
}

// readingsOf returns what a finished job has read: every picture, or the error says why not.
func (c contender) readingsOf(j *job) ([]reading, error) {
	readings, err := c.parse(j.out.Bytes(), j.pictures)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	missing := unread(j.pictures, readings)
	if len(missing) == len(j.pictures) && j.err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", c.name, j.err, lastLines(j.log.String(), 5))
	}
	if len(missing) == 0 {
		return readings, nil
	}
	if c.stops {
		missing = missing[:1]
	}
	return nil, unreadable{c.name, missing, lastLines(j.log.String(), 5)}
}

func lastLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
