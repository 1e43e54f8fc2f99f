package power

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Sysfs reads the folder where Linux lists power supplies, /sys/class/power_supply. The
// kernel's Documentation/ABI/testing/sysfs-class-power describes the files; which of them
// there are differs from driver to driver.
func Sysfs(supplies fs.FS) Source {
	return func(ctx context.Context) (State, error) {
		entries, err := fs.ReadDir(supplies, ".")
		if errors.Is(err, fs.ErrNotExist) {
			return State{}, nil // a container, or a kernel without power supplies
		}
		if err != nil {
			return State{}, fmt.Errorf("list power supplies: %w", err)
		}
		var found survey
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return State{}, err
			}
			found.add(supply{supplies, e.Name()})
		}
		return found.state(), nil
	}
}

// survey is what the power supplies say together.
type survey struct {
	batteries []battery
	plugged   bool // a mains adapter has power
	unplugged bool // one has none
}

// add takes one supply into account, unless it powers something else than the machine.
func (f *survey) add(s supply) {
	if s.text("scope") == "Device" {
		return // a mouse, a headset, a pen
	}
	switch s.text("type") {
	case "Mains":
		online, known := s.number("online") // 0 no; 1, or 2 where the voltage can be set
		f.plugged = f.plugged || known && online > 0
		f.unplugged = f.unplugged || known && online == 0
	case "Battery":
		if s.text("present") != "0" { // an empty bay; drivers without the file have a battery
			f.batteries = append(f.batteries, s.battery())
		}
	}
}

// state follows the rules of UPower: power from mains wins over a battery that says it
// discharges, as a full one does on some machines. Ports of type USB are not asked: they
// are online, too, where the laptop charges a telephone.
func (f *survey) state() State {
	if len(f.batteries) == 0 {
		return State{}
	}
	discharging, charging := false, false
	for _, b := range f.batteries {
		discharging = discharging || b.status == "Discharging"
		charging = charging || b.status == "Charging"
	}
	return State{
		Present:   true,
		OnBattery: !f.plugged && (discharging || f.unplugged && !charging),
		Percent:   charge(f.batteries),
	}
}

// battery is one battery of the machine.
type battery struct {
	status string  // Charging, Discharging, "Not charging", Full, Unknown, or "" for no file
	charge float64 // 0..1, or Unknown
	full   float64 // energy when full in µWh, 0 where it is not told
}

// charge returns the percentage of several batteries together: by their sizes where all
// tell them, else the mean. Those that do not tell their charge are left out.
func charge(batteries []battery) int {
	var sum, weights, plain, n float64
	sized := true
	for _, b := range batteries {
		if b.charge == Unknown {
			continue
		}
		sum, weights = sum+b.charge*b.full, weights+b.full
		plain, n = plain+b.charge, n+1
		sized = sized && b.full > 0
	}
	switch {
	case n == 0:
		return Unknown
	case sized:
		return int(100*sum/weights + 0.5)
	default:
		return int(100*plain/n + 0.5)
	}
}

// supply is one folder of power supplies.
type supply struct {
	fs   fs.FS
	name string
}

func (s supply) battery() battery {
	b := battery{status: s.text("status"), charge: Unknown}
	if full, ok := s.number("energy_full"); ok {
		b.full = full
	}
	if percent, ok := s.number("capacity"); ok {
		b.charge = min(percent/100, 1)
		return b
	}
	for _, unit := range []string{"energy", "charge"} { // µWh, µAh
		now, ok := s.number(unit + "_now")
		if !ok {
			continue
		}
		for _, limit := range []string{unit + "_full", unit + "_full_design"} {
			if full, ok := s.number(limit); ok && full > 0 {
				b.charge = min(now/full, 1) // more after a gauge was taught anew
				return b
			}
		}
	}
	return b
}

// number reads a file with a number that is not negative.
func (s supply) number(file string) (float64, bool) {
	n, err := strconv.ParseInt(s.text(file), 10, 64)
	return float64(n), err == nil && n >= 0
}

// text reads a file, or returns "" when there is none, or the driver has no value for it.
func (s supply) text(file string) string {
	text, err := fs.ReadFile(s.fs, s.name+"/"+file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}
