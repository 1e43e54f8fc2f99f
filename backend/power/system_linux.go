package power

import (
	"context"
	"fmt"
	"os"

	"github.com/godbus/dbus/v5"
)

// System reads the state of this machine.
func System() Source { return Sysfs(os.DirFS("/sys/class/power_supply")) }

// SystemLock asks logind over the system bus for an inhibitor, which also tells people who
// look ("systemd-inhibit --list") why the machine stays awake. It blocks "idle", which
// logind itself acts upon, and "sleep", which desktops ask logind for when they find the
// user gone. The lid still works: logind ignores these locks for it.
// https://systemd.io/INHIBITOR_LOCKS/
func SystemLock(ctx context.Context) (release func(), err error) {
	bus, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("connect to the system bus: %w", err)
	}
	defer func() { _ = bus.Close() }() // the inhibitor lives as long as its descriptor

	var fd dbus.UnixFD
	login := bus.Object("org.freedesktop.login1", "/org/freedesktop/login1")
	err = login.CallWithContext(ctx, "org.freedesktop.login1.Manager.Inhibit", 0,
		"sleep:idle", "Inkpool", "Reading pages", "block").Store(&fd)
	if err != nil {
		return nil, fmt.Errorf("ask logind to stay awake: %w", err)
	}
	inhibitor := os.NewFile(uintptr(fd), "inhibitor")
	return func() { _ = inhibitor.Close() }, nil
}
