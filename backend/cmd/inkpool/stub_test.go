package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/engine/child"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// stubVariable, which only tests set, makes the engine's process serve a stub: everything
// but the models is the real thing then. Its value is how long a page takes.
const stubVariable = "INKPOOL_TEST_STUB"

// serveEngine is the engine's process: the real one, or a stub.
func serveEngine() int {
	value, isStub := os.LookupEnv(stubVariable)
	if !isStub {
		return app.ServeEngine()
	}
	pageTime, err := time.ParseDuration(value)
	if err != nil {
		panic(err)
	}
	return child.Main(func(s engine.Settings) (child.Worker, error) { return stub{pageTime}, nil })
}

// stub is an engine that reads nothing. Files with "poison" in their names kill its
// process, and those with "hang" never end.
type stub struct{ pageTime time.Duration }

// stubText is what the stub reads in a file: something that depends on its path alone.
func stubText(path string) string {
	return fmt.Sprintf("%s\n%x\n", filepath.Base(path), sha256.Sum256([]byte(path)))
}

func (s stub) Process(ctx context.Context, task inkpool.Task, _ func(inkpool.Progress)) (inkpool.Result, error) {
	switch name := filepath.Base(task.Path); {
	case strings.Contains(name, "poison"):
		return inkpool.Result{}, crash()
	case strings.Contains(name, "hang"):
		select {} // like native code that looks at no context
	}
	select {
	case <-ctx.Done():
		return inkpool.Result{}, ctx.Err()
	case <-time.After(s.pageTime):
	}
	return inkpool.Result{
		Kind: inkpool.KindText, Text: stubText(task.Path), Timing: inkpool.Timing{Total: s.pageTime},
	}, nil
}

// crash does what native code does that reads where there is nothing.
func crash() error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Signal(syscall.SIGSEGV); err != nil {
		return err
	}
	select {} // until it lands
}

func (s stub) Picture(context.Context, inkpool.Task, int, int) ([]byte, error) { return nil, nil }

// Pages counts one for every file.
func (s stub) Pages(_ context.Context, paths, _ []string) ([]inkpool.PageCount, error) {
	return slices.Repeat([]inkpool.PageCount{{Pages: 1}}, len(paths)), nil
}

func (s stub) Warm(context.Context) error { return nil }
func (s stub) SetWorkers(int)             {}
func (s stub) Usage() inkpool.Usage       { return inkpool.Usage{} }
func (s stub) Close() error               { return nil }
