package power

import (
	"context"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// System reads the state of this machine.
func System() Source {
	call := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetSystemPowerStatus")
	return func(context.Context) (State, error) {
		var status systemPowerStatus
		if ok, _, err := call.Call(uintptr(unsafe.Pointer(&status))); ok == 0 {
			return State{}, fmt.Errorf("get system power status: %w", err)
		}
		return status.state(), nil
	}
}

// Flags of SetThreadExecutionState:
// https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-setthreadexecutionstate
const (
	systemRequired = 0x00000001 // ES_SYSTEM_REQUIRED
	continuous     = 0x80000000 // ES_CONTINUOUS
)

// SystemLock tells Windows that the system is required. Windows holds a thread to that, so a
// goroutine keeps one of its own until release, which waits for it.
func SystemLock(context.Context) (release func(), err error) {
	call := windows.NewLazySystemDLL("kernel32.dll").NewProc("SetThreadExecutionState")
	started, stop, stopped := make(chan error), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if before, _, err := call.Call(continuous | systemRequired); before == 0 {
			started <- fmt.Errorf("set thread execution state: %w", err)
			return
		}
		started <- nil
		<-stop
		_, _, _ = call.Call(continuous) // the machine may sleep again
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return func() { close(stop); <-stopped }, nil
}
