//go:build unix

package document_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// None of these may make Load wait: a single one would stop a worker for good.
func TestLoadRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	fifo, loop, socket := filepath.Join(dir, "fifo"), filepath.Join(dir, "loop"), filepath.Join(dir, "s")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, path := range []string{fifo, loop, socket, "/dev/zero", "/dev/null", filepath.Join(dir, strings.Repeat("n", 5000))} {
		_, err := document.Load(path, document.Limits{})
		t.Run(filepath.Base(path)[:1], func(t *testing.T) { wantCode(t, err, inkpool.CodeInvalid) })
	}
}

func TestLoadReportsPermission(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	path := writeFile(t, "a.txt", "secret")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	_, err := document.Load(path, document.Limits{})
	wantCode(t, err, inkpool.CodePermission)
}

// Files that grow while they are read are cut off. Those in /proc claim to be empty, which
// looks the same from here.
func TestLoadCutsOffGrowingFiles(t *testing.T) {
	const path = "/proc/self/status"
	if _, err := os.Stat(path); err != nil {
		t.Skip("there is no", path)
	}
	if got, err := document.Load(path, document.Limits{}); err != nil || len(got) == 0 {
		t.Errorf("got %d bytes, %v, want some", len(got), err)
	}
	_, err := document.Load(path, document.Limits{MaxBytes: 10})
	wantCode(t, err, inkpool.CodeTooLarge)
}
