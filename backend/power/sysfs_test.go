package power_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inkpool/inkpool/backend/power"
)

// supplies builds the folder of power supplies from lines "NAME/FILE VALUE".
func supplies(lines ...string) fs.FS {
	files := fstest.MapFS{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, " ")
		files[name] = &fstest.MapFile{Data: []byte(value + "\n")}
	}
	return files
}

func TestSysfs(t *testing.T) {
	mains := power.State{}
	on := func(percent int) power.State {
		return power.State{Present: true, OnBattery: true, Percent: percent}
	}
	off := func(percent int) power.State { return power.State{Present: true, Percent: percent} }

	for name, c := range map[string]struct {
		lines []string
		want  power.State
	}{
		"a desktop":              {nil, mains},
		"a desktop with a mains": {[]string{"AC/type Mains", "AC/online 1"}, mains},
		"a desktop with a mouse": {[]string{
			"hidpp_battery_0/type Battery", "hidpp_battery_0/scope Device", "hidpp_battery_0/status Discharging",
			"hidpp_battery_0/capacity 5", "hidpp_battery_0/present 1", "hidpp_battery_0/online 1",
		}, mains},
		"unplugged": {[]string{
			"AC/type Mains", "AC/online 0", "BAT0/type Battery", "BAT0/present 1", "BAT0/status Discharging", "BAT0/capacity 57",
			"BAT0/energy_full 50000000", "BAT0/energy_now 28500000",
		}, on(57)},
		"charging": {[]string{
			"AC/type Mains", "AC/online 1", "BAT0/type Battery", "BAT0/present 1", "BAT0/status Charging", "BAT0/capacity 57",
		}, off(57)},
		"voltage can be set": {[]string{
			"AC/type Mains", "AC/online 2", "BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity 57",
		}, off(57)},
		"full, and says it discharges": {[]string{
			"AC/type Mains", "AC/online 1", "BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity 100",
		}, off(100)},
		"kept from charging": {[]string{
			"AC/type Mains", "AC/online 1", "BAT0/type Battery", "BAT0/status Not charging", "BAT0/capacity 80",
		}, off(80)},
		"no status, unplugged": {[]string{
			"AC/type Mains", "AC/online 0", "BAT0/type Battery", "BAT0/status Unknown", "BAT0/capacity 80",
		}, on(80)},
		"no status, no adapter": {[]string{"BAT0/type Battery", "BAT0/status Unknown", "BAT0/capacity 8"}, off(8)},
		"charging by USB, adapter unplugged": {[]string{
			"AC/type Mains", "AC/online 0", "usb/type USB", "usb/online 1", "BAT0/type Battery", "BAT0/status Charging", "BAT0/capacity 80",
		}, off(80)},
		"charging a telephone": {[]string{
			"usb/type USB", "usb/online 1", "BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity 80",
		}, on(80)},
		"one of two adapters": {[]string{
			"AC/type Mains", "AC/online 0", "DOCK/type Mains", "DOCK/online 1", "BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity 80",
		}, off(80)},
		"with a headset": {[]string{
			"BAT0/type Battery", "BAT0/scope System", "BAT0/status Discharging", "BAT0/capacity 90",
			"headset/type Battery", "headset/scope Device", "headset/status Charging", "headset/capacity 3",
		}, on(90)},
		"scope unknown": {[]string{"BAT0/type Battery", "BAT0/scope Unknown", "BAT0/status Discharging", "BAT0/capacity 9"}, on(9)},
		"empty bay": {[]string{
			"BAT0/type Battery", "BAT0/present 1", "BAT0/status Discharging", "BAT0/capacity 60",
			"BAT1/type Battery", "BAT1/present 0", "BAT1/status Unknown", "BAT1/capacity 0",
		}, on(60)},
		"nothing but an empty bay": {[]string{"BAT1/type Battery", "BAT1/present 0"}, mains},
		"two batteries of two sizes": {[]string{
			"BAT0/type Battery", "BAT0/status Unknown", "BAT0/capacity 100", "BAT0/energy_full 20000000",
			"BAT1/type Battery", "BAT1/status Discharging", "BAT1/capacity 10", "BAT1/energy_full 60000000",
		}, on(33)}, // (100 x 20 + 10 x 60) / 80 is 32.5
		"two batteries, one without size": {[]string{
			"BAT0/type Battery", "BAT0/status Unknown", "BAT0/capacity 100",
			"BAT1/type Battery", "BAT1/status Discharging", "BAT1/capacity 10", "BAT1/energy_full 60000000",
		}, on(55)},
		"two batteries, one without charge": {[]string{
			"BAT0/type Battery", "BAT0/status Unknown", "BAT0/energy_full 60000000",
			"BAT1/type Battery", "BAT1/status Discharging", "BAT1/capacity 10", "BAT1/energy_full 60000000",
		}, on(10)},
		"energy only":  {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/energy_now 15000000", "BAT0/energy_full 60000000"}, on(25)},
		"charge only":  {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/charge_now 1500000", "BAT0/charge_full 5000000"}, on(30)},
		"as designed":  {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/charge_now 1500000", "BAT0/charge_full_design 5000000"}, on(30)},
		"full is 0":    {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/charge_now 1500000", "BAT0/charge_full 0"}, on(power.Unknown)},
		"now only":     {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/energy_now 1500000"}, on(power.Unknown)},
		"fuller":       {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/energy_now 61000000", "BAT0/energy_full 60000000"}, on(100)},
		"over 100":     {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity 255"}, on(100)},
		"negative":     {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity -1"}, on(power.Unknown)},
		"nonsense":     {[]string{"BAT0/type Battery", "BAT0/status Discharging", "BAT0/capacity much"}, on(power.Unknown)},
		"no charge":    {[]string{"BAT0/type Battery", "BAT0/status Discharging"}, on(power.Unknown)},
		"nothing said": {[]string{"BAT0/uevent x"}, mains},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := power.Sysfs(supplies(c.lines...))(t.Context())
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

// unreadable is a folder that cannot be listed.
type unreadable struct{ err error }

func (u unreadable) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: u.err}
}

func TestSysfsThatIsNotThere(t *testing.T) {
	if got, err := power.Sysfs(unreadable{fs.ErrNotExist})(t.Context()); err != nil || got != (power.State{}) {
		t.Errorf("no such folder: got %+v, %v, want mains", got, err)
	}
	if got, err := power.Sysfs(unreadable{fs.ErrPermission})(t.Context()); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a folder that may not be read: got %+v, %v, want that error", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := power.Sysfs(supplies("BAT0/type Battery"))(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %+v, %v, want that error", got, err)
	}
}
