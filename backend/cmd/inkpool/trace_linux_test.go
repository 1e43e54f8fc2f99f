//go:build amd64

package main

import (
	"encoding/binary"
	"errors"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// writes are the calls that change a file or what it is called, or say to others that
// something has been done. The C library has the older ones, too.
func writes() map[uint64]string {
	return map[uint64]string{
		unix.SYS_WRITE: "write", unix.SYS_PWRITE64: "pwrite64", unix.SYS_WRITEV: "writev",
		unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fdatasync", unix.SYS_FTRUNCATE: "ftruncate",
		unix.SYS_RENAME: "rename", unix.SYS_RENAMEAT: "renameat", unix.SYS_RENAMEAT2: "renameat2",
		unix.SYS_LINKAT: "linkat", unix.SYS_UNLINK: "unlink", unix.SYS_UNLINKAT: "unlinkat",
		unix.SYS_MKDIR: "mkdir", unix.SYS_MKDIRAT: "mkdirat",
	}
}

// renames are those of writes that change what files there are and how they are called.
// There are few of them, and much depends on each.
func renames() map[uint64]string {
	few := writes()
	for _, often := range []uint64{unix.SYS_WRITE, unix.SYS_PWRITE64, unix.SYS_WRITEV, unix.SYS_FSYNC, unix.SYS_FDATASYNC} {
		delete(few, often)
	}
	return few
}

// tracer counts the calls of a program, of all its threads together, and kills the program
// when it is about to make the one with a given number. strace counts those of each thread
// apart, so that most would never have their turn. What the program starts is left alone.
type tracer struct {
	calls  map[uint64]string
	killAt int // from 1
	seen   int
	killed string // the call, when it came to that
}

// The kernel's ptrace_syscall_info: what a stopped thread is about to do.
const (
	ptraceGetSyscallInfo = 0x420e
	ptraceSyscallEntry   = 1 // as its first byte
	infoBytes            = 88
	infoNumber           = 24 // where the number of the call is
)

// run runs a program whose output goes to files or nowhere. It skips the test where nothing
// may be traced.
func (tr *tracer) run(t *testing.T, c *exec.Cmd) {
	t.Helper()
	runtime.LockOSThread() // the kernel's tracer is a thread
	defer runtime.UnlockOSThread()
	c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	err := c.Start()
	if errors.Is(err, unix.EPERM) {
		t.Skip("programs cannot be traced here:", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Wait() }() // follow has seen its end already
	if err := tr.follow(c.Process.Pid); err != nil {
		_ = c.Process.Kill()
		t.Fatalf("cannot trace the program: %v", err)
	}
}

// follow lets a process run, which stands at its first instruction, until its end.
func (tr *tracer) follow(pid int) error {
	var status unix.WaitStatus
	_, err := unix.Wait4(pid, &status, unix.WALL, nil)
	if err == nil {
		err = unix.PtraceSetOptions(pid, unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_EXITKILL)
	}
	if err == nil {
		err = unix.PtraceSyscall(pid, 0)
	}
	for err == nil {
		var thread int
		thread, err = unix.Wait4(-1, &status, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			err = nil
		case err != nil:
		case status.Stopped():
			err = tr.stopped(pid, thread, status.StopSignal())
		case thread == pid: // it ends after all its threads
			return nil
		}
	}
	return err
}

// stopped looks why a thread stands, and lets it go on or kills its process.
func (tr *tracer) stopped(pid, thread int, signal syscall.Signal) error {
	switch signal {
	case syscall.SIGTRAP | 0x80: // a call begins or ends
		name, err := tr.entering(thread)
		if err != nil {
			return err
		}
		if name != "" {
			if tr.seen++; tr.seen == tr.killAt {
				tr.killed = name
				return unix.Kill(pid, unix.SIGKILL)
			}
		}
		signal = 0
	case syscall.SIGTRAP, syscall.SIGSTOP: // a thread has been born
		signal = 0
	}
	return ignoreGone(unix.PtraceSyscall(thread, int(signal)))
}

// entering is the call of ours that a thread is about to make, or empty.
func (tr *tracer) entering(thread int) (string, error) {
	var info [infoBytes]byte
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, ptraceGetSyscallInfo, uintptr(thread), infoBytes,
		uintptr(unsafe.Pointer(&info)), 0, 0)
	if errno != 0 {
		return "", ignoreGone(errno)
	}
	if info[0] != ptraceSyscallEntry {
		return "", nil
	}
	return tr.calls[binary.NativeEndian.Uint64(info[infoNumber:])], nil
}

// ignoreGone makes nothing of a thread that has been killed meanwhile.
func ignoreGone(err error) error {
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return err
}

// The tracer sees every call of the program, and only those.
func TestTracerCounts(t *testing.T) {
	for n, want := range map[int]string{1: "write", 2: "mkdir", 3: ""} {
		c := exec.CommandContext(t.Context(), "/bin/sh", "-c", "echo; exec /bin/mkdir new")
		c.Dir = t.TempDir()
		tr := tracer{calls: map[uint64]string{unix.SYS_WRITE: "write", unix.SYS_MKDIR: "mkdir"}, killAt: n}
		tr.run(t, c)
		if tr.killed != want {
			t.Errorf("call %d: got %q, want %q", n, tr.killed, want)
		}
	}
}
