//go:build unix

package child_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// stub is a Worker that does what the path of a task says.
type stub struct {
	workers atomic.Int64
	begun   atomic.Int64 // tasks under way
	warmed  atomic.Bool
}

func openStub(s engine.Settings) (child.Worker, error) {
	if s.CacheDir == "nowhere" {
		return nil, inkpool.Errorf(inkpool.CodeModelCorrupt, "the models are damaged").WithHint("Fetch them again.")
	}
	if s.IdleAfter != 0 {
		return nil, errors.New("the parent should see to idle children")
	}
	w := &stub{}
	w.SetWorkers(s.Workers)
	return w, nil
}

func (s *stub) Process(ctx context.Context, task inkpool.Task, tell func(inkpool.Progress)) (inkpool.Result, error) {
	word, argument, _ := strings.Cut(task.Path, ":")
	if word == "tell" {
		for i := range 1000 {
			source := strconv.Itoa(i)
			tell(inkpool.Progress{Done: i + 1, Total: 1000, Finished: []inkpool.Sentence{{Segment: inkpool.Segment{Source: source}}}})
		}
	}
	s.begun.Add(1)
	defer s.begun.Add(-1)
	err := s.act(ctx, word, argument)
	return inkpool.Result{Kind: inkpool.KindText, Text: task.Path}, err
}

func (s *stub) act(ctx context.Context, word, argument string) error {
	switch word {
	case "wait": // like a model that runs
		<-ctx.Done()
		return ctx.Err()
	case "hang": // like native code
		select {}
	case "lock": // and holds a lock on a file for as long as the process lives
		return lockForGood(argument)
	case "panic":
		panic("at the disco")
	case "fail":
		return fmt.Errorf("read page: %w", inkpool.Errorf(inkpool.CodeEncrypted, "needs a password").
			WithHint("Give it.").WithCause(errors.New("bad key")))
	case "print": // like a library that reports progress
		_, err := syscall.Write(1, []byte("loading model... 100%\n"))
		return err
	case "exit":
		fmt.Fprintln(os.Stderr, "last words")
		os.Exit(0)
	case "bus":
		return readTruncated(argument)
	case "kill":
		return signalSelf(syscall.SIGKILL)
	case "segv":
		return signalSelf(syscall.SIGSEGV)
	case "abort":
		return signalSelf(syscall.SIGABRT)
	case "stop":
		return signalSelf(syscall.SIGSTOP)
	case "interrupt":
		return errors.Join(syscall.Kill(os.Getpid(), syscall.SIGINT), syscall.Kill(os.Getpid(), syscall.SIGTERM))
	}
	return nil
}

// signalSelf waits for what the signal does.
func signalSelf(signal syscall.Signal) error {
	if err := syscall.Kill(os.Getpid(), signal); err != nil {
		return err
	}
	select {}
}

// readTruncated reads a file that is mapped into memory and has lost its content, as a model
// does whose file is overwritten.
func readTruncated(dir string) error {
	f, err := os.Create(filepath.Join(dir, "model"))
	if err != nil {
		return err
	}
	const size = 1 << 16
	if err := f.Truncate(size); err != nil {
		return err
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	return fmt.Errorf("read %d from a file that is empty", data[size-1])
}

func lockForGood(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	if _, err := f.WriteString("locked"); err != nil {
		return err
	}
	for n := 0; ; n++ { // as busy as native code
	}
}

func (s *stub) Picture(ctx context.Context, task inkpool.Task, rotation, maxSide int) ([]byte, error) {
	err := s.act(ctx, task.Path, "")
	return fmt.Appendf(nil, "%s by %d at %d\xff\x00", task.Path, rotation, maxSide), err
}

// Pages takes the paths for words, and counts their letters.
func (s *stub) Pages(ctx context.Context, paths, _ []string) ([]inkpool.PageCount, error) {
	var counts []inkpool.PageCount
	for _, path := range paths {
		if err := s.act(ctx, path, ""); err != nil {
			counts = append(counts, inkpool.PageCount{Error: inkpool.AsError(err)})
		} else {
			counts = append(counts, inkpool.PageCount{Pages: len(path)})
		}
	}
	return counts, nil
}

func (s *stub) Warm(context.Context) error {
	s.warmed.Store(true)
	return nil
}

func (s *stub) SetWorkers(n int) { s.workers.Store(int64(n)) }

func (s *stub) Usage() inkpool.Usage {
	cpu := inkpool.DeviceUsage{Name: "cpu", Slots: int(s.workers.Load()), Busy: 1}
	if s.warmed.Load() {
		cpu.Sessions = 3
	}
	return inkpool.Usage{ReservedBytes: s.begun.Load(), Devices: []inkpool.DeviceUsage{cpu}}
}

func (s *stub) Close() error { return nil }
