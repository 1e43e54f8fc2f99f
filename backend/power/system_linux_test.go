package power_test

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/inkpool/inkpool/backend/power"
)

// login is a fake of logind that gives out the writing end of a pipe as the inhibitor: its
// reading end tells when nobody has the inhibitor any more.
type login struct {
	inhibitor dbus.UnixFD
	asked     chan [4]string
}

func (l *login) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	l.asked <- [4]string{what, who, why, mode}
	return l.inhibitor, nil
}

// startBus starts a bus of the test's own and lets it be the system's.
func startBus(t *testing.T) {
	t.Helper()
	program, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("needs dbus-daemon")
	}
	address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	daemon := exec.CommandContext(t.Context(), program, "--session", "--nofork", "--nopidfile", "--print-address", "--address="+address)
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Wait() }) // the context of the test has ended it
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Skipf("dbus-daemon does not start here: %v", err)
	}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
}

func TestSystemLockAsksLogind(t *testing.T) {
	startBus(t)
	reading, writing, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reading.Close() }()
	logind := &login{dbus.UnixFD(writing.Fd()), make(chan [4]string, 1)}
	bus, err := dbus.ConnectSystemBus()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bus.Close() }()
	if err := bus.Export(logind, "/org/freedesktop/login1", "org.freedesktop.login1.Manager"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName("org.freedesktop.login1", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}

	release, err := power.SystemLock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := <-logind.asked, [4]string{"sleep:idle", "Inkpool", "Reading pages", "block"}; got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	if err := writing.Close(); err != nil { // the lock's is the only one left
		t.Fatal(err)
	}
	if err := reading.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := reading.Read(make([]byte, 1)); !os.IsTimeout(err) {
		t.Errorf("before release: got %v, want that somebody has the inhibitor", err)
	}
	release()
	if err := reading.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := reading.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("after release: got %v, want that nobody has it", err)
	}
}

func TestSystemLockWithoutLogind(t *testing.T) {
	startBus(t)
	if _, err := power.SystemLock(t.Context()); err == nil {
		t.Error("got a lock from nobody")
	}
}

func TestSystemLockWithoutBus(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	if _, err := power.SystemLock(t.Context()); err == nil {
		t.Error("got a lock from nobody")
	}
}

// TestSystemLockOnADeadBus has a bus that takes connections and never says a word.
func TestSystemLockOnADeadBus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bus")
	silent, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path="+path)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := power.SystemLock(ctx); err == nil {
		t.Error("got a lock from nobody")
	}
	if got := time.Since(start); got > 2*time.Second {
		t.Errorf("waited %v, want until the context ended", got)
	}
}
