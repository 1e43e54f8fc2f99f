package config

import (
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/inkpool/inkpool/backend/inkpool"
)

const (
	// minMemory is a bound on MemoryBudget against a forgotten unit: "2" is 2 bytes. Less
	// would let one page at a time through anyway, since a detection takes some 130 MB.
	minMemory = 64 << 20
	// minTimeout and maxTimeout are bounds on Timeout against slips: a page takes up to a
	// second on a slow machine, and nothing takes a day.
	minTimeout = time.Second
	maxTimeout = 24 * time.Hour
)

// deviceName is every name a device can have. Whether the machine has it is found out when
// it is opened.
var deviceName = regexp.MustCompile(`^(cpu|webgpu|coreml|(directml|cuda)(:[0-9]{1,2})?)$`)

// Validate returns CodeInvalid with what is wrong and what would be right, or the settings
// with absolute paths and with device names as they are listed.
func (s Settings) Validate() (Settings, error) {
	for _, err := range []*inkpool.Error{s.checkWork(), s.checkTimes(), s.checkBattery(), s.Reading.Check(), s.Steps.Check()} {
		if err != nil {
			return s, err
		}
	}
	devices, err := canonical(s.Devices)
	if err != nil {
		return s, err
	}
	s.Devices = devices
	return s.absolute()
}

func (s Settings) checkWork() *inkpool.Error {
	if s.Workers < 1 || s.Workers > MaxWorkers {
		return inkpool.Errorf(inkpool.CodeInvalid, "the number of workers must be between 1 and %d, not %d", MaxWorkers, s.Workers)
	}
	for _, share := range []int{s.Shares.Read, s.Shares.Translate, s.Shares.Label} {
		if share < 0 || share > MaxShare {
			return inkpool.Errorf(inkpool.CodeInvalid, "a share of the cores must be between 0 and %d, not %d", MaxShare, share).
				WithHint("Shares of 2 and 1 give one kind of work twice as much as the other.")
		}
	}
	b := s.MemoryBudget
	if b.Percent < 0 || b.Percent > 100 || b.Count < 0 || b.Count > 0 && b.Count < minMemory {
		return inkpool.Errorf(inkpool.CodeInvalid, "the memory must be at least %s or between 1%% and 100%%, not %s", Bytes{Count: minMemory}, b).
			WithHint(`Write a unit, as in "2GiB", or 0 for a quarter of this machine's memory.`)
	}
	return nil
}

func (s Settings) checkTimes() *inkpool.Error {
	if t := time.Duration(s.Timeout); t < 0 || t > 0 && t < minTimeout || t > maxTimeout {
		return inkpool.Errorf(inkpool.CodeInvalid, "the time for one page must be between %s and %s, not %s",
			Duration(minTimeout), Duration(maxTimeout), s.Timeout).
			WithHint(`Write a unit, as in "60s", or 0 for a time that fits this machine.`)
	}
	if s.IdleAfter < 0 {
		return inkpool.Errorf(inkpool.CodeInvalid, "the time after which idle models are dropped cannot be %s", s.IdleAfter).
			WithHint(`Write a time, as in "5m", or 0 to keep them.`)
	}
	return nil
}

func (s Settings) checkBattery() *inkpool.Error {
	if s.BatteryPausePercent < 0 || s.BatteryPausePercent > 100 {
		return inkpool.Errorf(inkpool.CodeInvalid, "the battery's charge to pause at must be between 0 and 100 percent, not %d", s.BatteryPausePercent).
			WithHint("0 never pauses.")
	}
	if s.BatteryWorkers < HalfOfWorkers || s.BatteryWorkers > MaxWorkers {
		return inkpool.Errorf(inkpool.CodeInvalid, "the number of workers on battery must be between 0 and %d, not %d", MaxWorkers, s.BatteryWorkers).
			WithHint("0 is as many as on mains, -1 half of them.")
	}
	return nil
}

// canonical returns the names of devices as deviceName knows them; no name is the CPU's.
func canonical(names []string) ([]string, error) {
	if len(names) == 0 {
		return []string{"cpu"}, nil
	}
	devices := make([]string, len(names))
	for i, name := range names {
		devices[i] = strings.ToLower(strings.TrimSpace(name))
		if !deviceName.MatchString(devices[i]) {
			return nil, inkpool.Errorf(inkpool.CodeInvalid, "there is no device called %q", name).
				WithHint("Devices are cpu, webgpu, directml, directml:1, coreml, cuda and cuda:1, with the number of the adapter from 0.")
		}
	}
	return devices, nil
}

// absolute returns the settings with paths that stay right when the working folder changes.
func (s Settings) absolute() (Settings, error) {
	if s.Home == "" || s.CacheDir == "" { // filepath.Abs would take it for the folder the program is in
		return s, inkpool.Errorf(inkpool.CodeInvalid, "the folder of the history and that of the cache need a name")
	}
	for _, path := range []*string{&s.Home, &s.CacheDir, &s.Library} {
		if *path == "" {
			continue
		}
		abs, err := filepath.Abs(*path)
		if err != nil {
			return s, inkpool.Errorf(inkpool.CodeInvalid, "%s is not a place on this machine", *path).WithCause(err)
		}
		*path = abs
	}
	return s, nil
}
