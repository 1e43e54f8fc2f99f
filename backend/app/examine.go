package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/shirou/gopsutil/v4/disk"

	"github.com/inkpool/inkpool/backend/bundle"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Finding is what one look at the program and its surroundings has shown.
type Finding struct {
	Check  string         `json:"check"` // "history", "models", "engine", …
	OK     bool           `json:"ok"`
	Detail string         `json:"detail"`
	Error  *inkpool.Error `json:"-"` // when not OK: what is wrong and what to do
}

// Examine looks at everything that Inkpool needs: folders, the history, models, the engine
// and its memory. It changes nothing but what every start does, and works beside another
// Inkpool.
func Examine(ctx context.Context, settings config.Settings) []Finding {
	found := []Finding{
		finding("program")(fmt.Sprintf("Inkpool %s", Version), nil),
		finding("home")(examineHome(ctx, settings)),
		finding("history")(examineHistory(ctx, settings)),
		finding("models")(examineModels()),
	}
	return append(found, examineEngine(ctx, settings)...)
}

// finding returns a function that makes a Finding of what a look gave.
func finding(check string) func(detail string, err error) Finding {
	return func(detail string, err error) Finding {
		f := Finding{Check: check, OK: err == nil, Detail: detail, Error: inkpool.AsError(err)}
		if err != nil {
			f.Detail = f.Error.Message
		}
		return f
	}
}

// examineHome writes a file into the home and looks at the room on its disk.
func examineHome(ctx context.Context, settings config.Settings) (string, error) {
	if err := os.MkdirAll(settings.Home, 0o700); err != nil {
		return "", homeError(settings.Home, err)
	}
	probe, err := os.CreateTemp(settings.Home, ".doctor-*")
	if err != nil {
		return "", homeError(settings.Home, err)
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return "", homeError(settings.Home, err)
	}
	room, err := disk.UsageWithContext(ctx, settings.Home)
	if err != nil {
		return settings.Home, nil // not every file system tells
	}
	return fmt.Sprintf("%s, %s free", settings.Home, amount(int64(room.Free))), nil
}

func examineHistory(ctx context.Context, settings config.Settings) (_ string, err error) {
	store, err := History(ctx, settings)
	if inkpool.CodeOf(err) == inkpool.CodeNotFound {
		return "empty", nil
	}
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Check(ctx); err != nil {
		return "", err
	}
	size := ""
	if info, err := os.Stat(settings.DatabasePath()); err == nil {
		size = ", " + amount(info.Size())
	}
	return filepath.Base(settings.DatabasePath()) + " is sound" + size, nil
}

func examineModels() (string, error) {
	if _, err := bundle.Embedded(); err != nil {
		return "", err
	}
	return Models(), nil
}

// examineEngine starts an engine of its own and loads the models.
func examineEngine(ctx context.Context, settings config.Settings) []Finding {
	e := newEngine(ctx, settings, settings.PacksPath(), slog.New(slog.DiscardHandler))
	warm := e.Warm(ctx)
	usage := e.Usage()
	if err := errors.Join(warm, e.Close()); err != nil {
		return []Finding{finding("engine")("", err)}
	}
	found := []Finding{
		finding("engine")(describeDevices(usage), nil),
		finding("memory")(fmt.Sprintf("%s in use with the models loaded, %s for pages in work",
			amount(usage.ResidentBytes), amount(usage.BudgetBytes)), nil),
	}
	for _, n := range usage.Notices {
		found = append(found, finding("device")("", n))
	}
	return found
}

func describeDevices(u inkpool.Usage) string {
	var devices []string
	for _, d := range u.Devices {
		devices = append(devices, fmt.Sprintf("%s: %d at once, %d models loaded", d.Name, d.Slots, d.Sessions))
	}
	return strings.Join(devices, "; ")
}

// amount writes a number of bytes for people.
func amount(bytes int64) string {
	if bytes < 1e9 {
		return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}
