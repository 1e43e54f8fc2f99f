//go:build unix

package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/inkpool/inkpool/backend/hub/hubtest"
	"github.com/inkpool/inkpool/backend/modelpack/packtest"
)

// Ctrl-C ends a download with 130 and a word on how it goes on; the same command then does.
func TestDownloadInterrupted(t *testing.T) {
	hub := hubtest.New(t)
	hub.PutFolder(t, "Xenova/opus-mt-en-zh", packtest.Marian(t))
	reached := make(chan struct{})
	var once sync.Once
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/onnx/") {
			once.Do(func() { hub.Set(hubtest.Faults{Stall: true}); close(reached) })
		}
		hub.ServeHTTP(w, r)
	}))
	defer front.Close()
	home, cache := t.TempDir(), t.TempDir()
	download := func() (*exec.Cmd, *bytes.Buffer) {
		c := exec.Command("inkpool", "models", "download", "opus-mt-en-zh", "--endpoint", front.URL)
		c.Env = append(append(os.Environ(), environment(cache)...), "INKPOOL_HOME="+home)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		return c, &stderr
	}
	c, stderr := download()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 || !strings.Contains(stderr.String(), "goes on") {
		t.Errorf("got %v and %q, want 130 and how to go on", err, stderr)
	}
	hub.Set(hubtest.Faults{})
	c, stderr = download()
	if err := c.Run(); err != nil {
		t.Errorf("the same command: got %v and %q", err, stderr)
	}
}
