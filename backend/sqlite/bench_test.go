package sqlite_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/sqlite"
)

func benchStore(b *testing.B) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "history.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// BenchmarkAddJob drops a folder of 100,000 files.
func BenchmarkAddJob(b *testing.B) {
	s := benchStore(b)
	job := inkpool.NewJob{Title: "big", Tasks: make([]inkpool.Task, 100_000)}
	for i := range job.Tasks {
		name := fmt.Sprintf("pictures/2026/holiday/IMG_%06d.jpg", i)
		job.Tasks[i] = inkpool.Task{Path: "/home/someone/" + name, Name: name, Page: 1, Kind: inkpool.KindImage}
	}
	for b.Loop() {
		if _, err := s.AddJob(b.Context(), job); err != nil {
			b.Fatal(err)
		}
	}
}

// benchPage is a page of 50 lines, as long as those of a scanned book.
func benchPage() inkpool.Result {
	r := inkpool.Result{Kind: inkpool.KindImage, WidthPx: 2480, HeightPx: 3508}
	for i := range 50 {
		y := 60.123456789 * float64(i)
		text := strings.Repeat("墨池", 15)
		r.Text += text + "\n"
		r.Lines = append(r.Lines, inkpool.Line{
			Text: text, Score: 0.987654321, Block: i / 10,
			Quad: inkpool.Quad{{X: 10.333333, Y: y}, {X: 2400.777777, Y: y}, {X: 2400.777777, Y: y + 50}, {X: 10.333333, Y: y + 50}},
		})
	}
	return r
}

// BenchmarkPage claims and finishes one page of 50 lines: two commits.
func BenchmarkPage(b *testing.B) {
	s := benchStore(b)
	r := benchPage()
	if _, err := s.AddJob(b.Context(), inkpool.NewJob{Tasks: make([]inkpool.Task, 100_000)}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		task := claimTask(b, s)
		if err := s.FinishTask(b.Context(), owner, task.ID, r); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClaim claims and gives back at the end of a long history: 100,000 tasks that may
// run, behind 1,000 paused jobs, one of which has 30,000 tasks, and 100,000 held tasks.
func BenchmarkClaim(b *testing.B) {
	s := benchStore(b)
	addJob(b, s, 30_000)
	for range 999 {
		addJob(b, s, 1)
	}
	if _, err := s.Pause(b.Context(), inkpool.Scope{}); err != nil {
		b.Fatal(err)
	}
	holdAll(b, s, addJob(b, s, 100_000))
	addJob(b, s, 100_000)
	for b.Loop() {
		task := claimTask(b, s)
		if err := s.RequeueTask(b.Context(), owner, task.ID, inkpool.Requeue{}); err != nil {
			b.Fatal(err)
		}
	}
}

// holdAll pauses every task of a job by itself.
func holdAll(tb testing.TB, s *sqlite.Store, job inkpool.Job) {
	tb.Helper()
	writer, _ := s.Pools()
	if _, err := writer.ExecContext(tb.Context(), `UPDATE tasks SET held = 1 WHERE job = ?`, job.ID); err != nil {
		tb.Fatal(err)
	}
}

// BenchmarkPages claims and finishes pages of 50 lines from several goroutines at once; the
// commits that share a sync of the disk make more of them cheaper. One op is one page.
func BenchmarkPages(b *testing.B) {
	r := benchPage()
	for _, workers := range []int{1, 8} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			s := benchStore(b)
			addJob(b, s, b.N)
			b.ResetTimer()
			var wg sync.WaitGroup
			for range workers {
				wg.Go(func() {
					for {
						task, ok, err := s.ClaimTask(b.Context(), inkpool.Claim{Owner: owner})
						if err == nil && ok {
							err = s.FinishTask(b.Context(), owner, task.ID, r)
						}
						if err != nil {
							b.Error(err)
						}
						if err != nil || !ok {
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

// BenchmarkScope does to 100,000 tasks what a person can do to a job.
func BenchmarkScope(b *testing.B) {
	s := benchStore(b)
	all := inkpool.Scope{Job: addJob(b, s, 100_000).ID}
	first := inkpool.Scope{Task: 1}
	for _, c := range []struct {
		name string
		do   func() ([]inkpool.JobID, error)
	}{
		{"pause", func() ([]inkpool.JobID, error) { return s.Pause(b.Context(), all) }},
		{"resume", func() ([]inkpool.JobID, error) { return s.Resume(b.Context(), all) }},
		{"cancel", func() ([]inkpool.JobID, error) { return s.Cancel(b.Context(), all) }},
		{"retry", func() ([]inkpool.JobID, error) { return s.Retry(b.Context(), all, inkpool.StateCancelled) }},
		{"remove the first", func() ([]inkpool.JobID, error) { return s.Remove(b.Context(), first) }},
		{"remove", func() ([]inkpool.JobID, error) { return s.Remove(b.Context(), all) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			if b.N > 1 {
				b.Skip("happens once: run with -benchtime 1x")
			}
			if touched, err := c.do(); err != nil || len(touched) != 1 {
				b.Fatal(touched, err)
			}
		})
	}
}

// BenchmarkResult reads one page of 50 lines.
func BenchmarkResult(b *testing.B) {
	s := benchStore(b)
	addJob(b, s, 1)
	task := claimTask(b, s)
	if err := s.FinishTask(b.Context(), owner, task.ID, benchPage()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Result(b.Context(), task.ID); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJobs lists 200 jobs, one of which has 30,000 tasks.
func BenchmarkJobs(b *testing.B) {
	s := benchStore(b)
	for range 199 {
		addJob(b, s, 3)
	}
	addJob(b, s, 30_000)
	for b.Loop() {
		if jobs, err := s.Jobs(b.Context(), 0, 200); err != nil || len(jobs) != 200 {
			b.Fatal(len(jobs), err)
		}
	}
}
