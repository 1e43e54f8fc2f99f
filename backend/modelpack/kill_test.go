package modelpack_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/modelpack"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// Names of the variables that make this test program one that adds a pack and is killed.
const (
	addedShelf  = "INKPOOL_TEST_SHELF"
	addedSource = "INKPOOL_TEST_SOURCE"
)

// TestAddsUntilKilled is that program: it says when a part of the pack has been copied, and
// waits.
func TestAddsUntilKilled(t *testing.T) {
	dir := os.Getenv(addedShelf)
	if dir == "" {
		t.Skip("this is run by TestAddKilled")
	}
	_, err := modelpack.Shelf{Dir: dir}.Add(t.Context(), []string{os.Getenv(addedSource)}, modelpack.Wish{ID: "mt"}, func(done, total int64) {
		if done > total/2 {
			_, _ = os.Stdout.WriteString("half of it\n")
			_, _ = io.Copy(io.Discard, os.Stdin) // until the parent has gone
		}
	})
	t.Errorf("got %v, want to be killed", err)
}

// What a killed process leaves is no pack, and is removed by the next that adds one; what a
// living one is at is left alone.
func TestAddKilled(t *testing.T) {
	dir, source := t.TempDir(), packtest.Marian(t)
	child := exec.Command(os.Args[0], "-test.run=^TestAddsUntilKilled$")
	child.Env = append(os.Environ(), addedShelf+"="+dir, addedSource+"="+source)
	in, errIn := child.StdinPipe()
	out, errOut := child.StdoutPipe()
	if err := errors.Join(errIn, errOut, child.Start()); err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := io.ReadFull(out, make([]byte, len("half of it"))); err != nil {
		t.Fatal(err)
	}
	s := modelpack.Shelf{Dir: dir}
	staging := filepath.Join(dir, ".staging")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.Add(ctx, []string{packtest.Sentiment(t)}, modelpack.Wish{ID: "mine"}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beside one that lives: got %v, want it to wait", err)
	}
	if len(tree(t, staging)) == 0 {
		t.Error("what a living process has copied is gone")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	if found, err := s.List(); err != nil || len(found) != 0 {
		t.Errorf("got %+v, %v; want nothing installed", found, err)
	}
	if len(tree(t, staging)) == 0 {
		t.Error("the killed process left nothing: was it killed in the middle?")
	}
	p := add(t, s, modelpack.Wish{ID: "mt"}, source)
	if err := p.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(staging); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want what was left removed", err)
	}
}
