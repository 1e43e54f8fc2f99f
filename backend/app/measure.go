package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"golang.org/x/sync/errgroup"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

// Measured is what reading a folder of pictures took. Times and memory are those of this
// process and the engine's together.
type Measured struct {
	Workers    int     `json:"workers"`
	Slots      int     `json:"slots"` // pieces of work at once: at most as many as there are CPUs
	Pages      int     `json:"pages"`
	Failed     int     `json:"failed"`
	Seconds    float64 `json:"seconds"`
	PagesPerS  float64 `json:"pages_per_s"`
	CPUPerPage float64 `json:"cpu_s_per_page"` // user and system
	InferShare float64 `json:"infer_share"`    // of that: the models, 0..1; 0 where the system does not tell
	RSSPeakMB  float64 `json:"rss_peak_mb"`    // millions of bytes
	RSSEndMB   float64 `json:"rss_end_mb"`
	Sessions   int     `json:"sessions"`    // models loaded
	TextSHA256 string  `json:"text_sha256"` // of all texts, in the order of input

	Notices []*inkpool.Error `json:"-"` // such as a device that was left out
}

// Measure reads every file below a folder once with an engine of its own, after its models
// have been loaded and warmed. It keeps nothing. Files that fail are counted.
func Measure(ctx context.Context, settings config.Settings, folder string) (m Measured, err error) {
	tasks, err := job.Walk(ctx, []string{folder})
	if err != nil {
		return m, err
	}
	if len(tasks) == 1 && tasks[0].Error != nil { // no such folder, or nothing in it
		return m, tasks[0].Error
	}
	e := newEngine(ctx, settings, settings.PacksPath(), slog.New(slog.DiscardHandler))
	defer func() {
		if closing := e.Close(); err == nil {
			err = closing
		}
	}()
	if err := e.Warm(ctx); err != nil {
		return m, err
	}
	before, err := computedBy(ctx, e.Usage())
	if err != nil {
		return m, err
	}
	began := time.Now()
	results, err := readAll(ctx, e, tasks)
	if err != nil {
		return m, err
	}
	seconds := time.Since(began).Seconds()
	usage := e.Usage()
	after, err := computedBy(ctx, usage)
	if err != nil {
		return m, err
	}
	m = summarise(results)
	m.Workers, m.Seconds, m.Notices = settings.Workers, seconds, usage.Notices
	cpu := after.all - before.all
	m.PagesPerS, m.CPUPerPage = float64(m.Pages)/seconds, cpu/float64(max(m.Pages, 1))
	if cpu > 0 { // texts may take less than the clock can tell
		m.InferShare = (after.models - before.models) / cpu
	}
	return m, m.addMemory(ctx, usage)
}

// readAll processes tasks, as many at once as the engine likes. The result of a task that
// failed is nil.
func readAll(ctx context.Context, e Engine, tasks []inkpool.Task) ([]*inkpool.Result, error) {
	results := make([]*inkpool.Result, len(tasks))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(e.InFlight())
	for i, task := range tasks {
		if task.Error != nil {
			continue
		}
		group.Go(func() error {
			r, err := e.Process(ctx, task, nil)
			if err == nil {
				results[i] = &r
			}
			return ctx.Err()
		})
	}
	return results, group.Wait()
}

// summarise counts pages and hashes texts.
func summarise(results []*inkpool.Result) Measured {
	var m Measured
	texts := sha256.New()
	for i, r := range results {
		if r == nil {
			m.Failed++
			continue
		}
		m.Pages++
		_, _ = fmt.Fprintf(texts, "%d\n%s\n", i, r.Text) // a hash takes everything
	}
	m.TextSHA256 = hex.EncodeToString(texts.Sum(nil))
	return m
}

// addMemory adds the memory of this process to that of the engine's.
func (m *Measured) addMemory(ctx context.Context, u inkpool.Usage) error {
	peak, end := u.PeakBytes, u.ResidentBytes
	if u.Process != os.Getpid() {
		own, err := process.NewProcessWithContext(ctx, int32(os.Getpid()))
		if err != nil {
			return fmt.Errorf("look at own process: %w", err)
		}
		memory, err := own.MemoryInfoWithContext(ctx)
		if err != nil {
			return fmt.Errorf("look at own memory: %w", err)
		}
		peak, end = peak+int64(max(memory.HWM, memory.RSS)), end+int64(memory.RSS)
	}
	m.RSSPeakMB, m.RSSEndMB = float64(peak)/1e6, float64(end)/1e6
	for _, d := range u.Devices {
		m.Sessions += d.Sessions
		m.Slots += d.Slots
	}
	return nil
}

// computed is processor time in seconds: of this process and the engine's, and of the models
// in that.
type computed struct{ all, models float64 }

// computedBy is what has been computed so far, with an engine that uses u.
func computedBy(ctx context.Context, u inkpool.Usage) (c computed, err error) {
	ids := []int{os.Getpid()}
	if u.Process != 0 && u.Process != os.Getpid() {
		ids = append(ids, u.Process)
	}
	for _, id := range ids {
		p, err := process.NewProcessWithContext(ctx, int32(id))
		if err != nil {
			return c, fmt.Errorf("look at process %d: %w", id, err)
		}
		t, err := p.TimesWithContext(ctx)
		if err != nil {
			return c, fmt.Errorf("look at the time of process %d: %w", id, err)
		}
		c.all += t.User + t.System
	}
	for _, d := range u.Devices {
		c.models += d.Computed.Seconds()
	}
	return c, nil
}
