package config_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/adrg/xdg"
	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestDefault(t *testing.T) {
	for name, c := range map[string]struct{ env, want string }{
		"nothing chosen":     {"", filepath.Join(xdg.DataHome, "inkpool")},
		"chosen":             {"/elsewhere", "/elsewhere"},
		"relative stays":     {"here", "here"}, // Validate makes it absolute
		"spaces are no slip": {"/my folder", "/my folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("INKPOOL_HOME", c.env)
			s := config.Default(t.Context())
			if s.Home != c.want {
				t.Errorf("home: got %q, want %q", s.Home, c.want)
			}
			if want := filepath.Join(xdg.CacheHome, "inkpool"); s.CacheDir != want {
				t.Errorf("cache: got %q, want %q, wherever the home is", s.CacheDir, want)
			}
			if _, err := s.Validate(); err != nil {
				t.Errorf("the defaults are not valid: %v", err)
			}
		})
	}
}

func TestPath(t *testing.T) {
	system := filepath.Join(xdg.ConfigHome, "inkpool", "config.json")
	for name, c := range map[string]struct{ env, flag, want string }{
		"nothing moves the state":       {"", "", system},
		"the environment does":          {"/env", "", "/env/config.json"},
		"a flag does":                   {"", "/flag", "/flag/config.json"},
		"a flag beside the environment": {"/env", "/flag", "/flag/config.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("INKPOOL_HOME", c.env)
			if got := config.Path(c.flag); got != filepath.FromSlash(c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	valid := config.Settings{Home: "/home", CacheDir: "/cache", Workers: 4, Devices: []string{"cpu"}}
	for name, c := range map[string]struct {
		change func(*config.Settings)
		ok     bool
	}{
		"nothing but the necessary": {func(*config.Settings) {}, true},
		"one worker":                {func(s *config.Settings) { s.Workers = 1 }, true},
		"most workers":              {func(s *config.Settings) { s.Workers = config.MaxWorkers }, true},
		"no worker":                 {func(s *config.Settings) { s.Workers = 0 }, false},
		"negative workers":          {func(s *config.Settings) { s.Workers = -1 }, false},
		"too many workers":          {func(s *config.Settings) { s.Workers = config.MaxWorkers + 1 }, false},
		"no home":                   {func(s *config.Settings) { s.Home = "" }, false},
		"no cache":                  {func(s *config.Settings) { s.CacheDir = "" }, false},
		"least memory":              {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Count: 64 << 20} }, true},
		"all memory":                {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Percent: 100} }, true},
		"a forgotten unit":          {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Count: 2} }, false},
		"negative memory":           {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Count: -1 << 30} }, false},
		"negative share":            {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Percent: -25} }, false},
		"more than all memory":      {func(s *config.Settings) { s.MemoryBudget = config.Bytes{Percent: 101} }, false},
		"a second":                  {func(s *config.Settings) { s.Timeout = config.Duration(time.Second) }, true},
		"a millisecond":             {func(s *config.Settings) { s.Timeout = config.Duration(time.Millisecond) }, false},
		"negative time":             {func(s *config.Settings) { s.Timeout = config.Duration(-time.Minute) }, false},
		"days":                      {func(s *config.Settings) { s.Timeout = config.Duration(25 * time.Hour) }, false},
		"idle for a moment":         {func(s *config.Settings) { s.IdleAfter = 1 }, true},
		"idle before":               {func(s *config.Settings) { s.IdleAfter = -1 }, false},
		"pause when not full":       {func(s *config.Settings) { s.BatteryPausePercent = 100 }, true},
		"pause when over full":      {func(s *config.Settings) { s.BatteryPausePercent = 101 }, false},
		"pause below nothing":       {func(s *config.Settings) { s.BatteryPausePercent = -1 }, false},
		"half on battery":           {func(s *config.Settings) { s.BatteryWorkers = config.HalfOfWorkers }, true},
		"less than half on battery": {func(s *config.Settings) { s.BatteryWorkers = -2 }, false},
		"too many on battery":       {func(s *config.Settings) { s.BatteryWorkers = config.MaxWorkers + 1 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := valid
			c.change(&s)
			got, err := s.Validate()
			if !c.ok {
				if inkpool.CodeOf(err) != inkpool.CodeInvalid {
					t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
				}
				return
			}
			if diff := cmp.Diff(s, got); err != nil || diff != "" {
				t.Errorf("got %v, want it as it is (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestValidateDevices(t *testing.T) {
	for name, c := range map[string]struct{ devices, want []string }{
		"none":            {nil, []string{"cpu"}},
		"all":             {[]string{"cpu", "webgpu", "directml", "directml:1", "coreml", "cuda", "cuda:15"}, []string{"cpu", "webgpu", "directml", "directml:1", "coreml", "cuda", "cuda:15"}},
		"twice":           {[]string{"cpu", "cpu"}, []string{"cpu", "cpu"}},
		"as people write": {[]string{" CUDA:0 ", "WebGPU"}, []string{"cuda:0", "webgpu"}},
		"unknown":         {[]string{"cpu", "npu"}, nil},
		"empty":           {[]string{""}, nil},
		"two in one":      {[]string{"cpu,webgpu"}, nil},
		"one CPU of two":  {[]string{"cpu:1"}, nil},
		"no number":       {[]string{"cuda:"}, nil},
		"a name":          {[]string{"cuda:first"}, nil},
		"negative":        {[]string{"cuda:-1"}, nil},
		"long":            {[]string{"cuda:100"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := config.Settings{Home: "/home", CacheDir: "/cache", Workers: 1, Devices: c.devices}.Validate()
			if c.want == nil {
				if inkpool.CodeOf(err) != inkpool.CodeInvalid {
					t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
				}
				return
			}
			if diff := cmp.Diff(c.want, s.Devices); err != nil || diff != "" {
				t.Errorf("got %v, want no error (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestValidateMakesPathsAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	s, err := config.Settings{Home: "home/../h", CacheDir: "c", Workers: 1, Library: "lib.so"}.Validate()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{
		"h": s.Home, "c": s.CacheDir, "lib.so": s.Library,
		"h/history.db": s.DatabasePath(), "h/inkpool.lock": s.LockPath(), "h/packs": s.PacksPath(), "h/logs/inkpool.log": s.LogPath(),
	} {
		if !filepath.IsAbs(got) || !strings.HasSuffix(filepath.ToSlash(got), "/"+name) {
			t.Errorf("got %q, want an absolute path to %q", got, name)
		}
	}
}

func TestWorkersOnBattery(t *testing.T) {
	for name, c := range map[string]struct{ workers, chosen, want int }{
		"as on mains":        {8, 0, 8},
		"half":               {8, config.HalfOfWorkers, 4},
		"half of an odd":     {5, config.HalfOfWorkers, 2},
		"half of one":        {1, config.HalfOfWorkers, 1},
		"chosen":             {8, 3, 3},
		"more than on mains": {2, 4, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if got := (config.Settings{Workers: c.workers, BatteryWorkers: c.chosen}).WorkersOnBattery(); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

func TestWith(t *testing.T) {
	loaded := config.Settings{Home: "/file", Workers: 2, Background: true, Devices: []string{"cpu"}}
	flags := config.Settings{Home: "/flag", Workers: 8, Background: false, Devices: []string{"webgpu"}}
	got := loaded.With(flags, "workers", "background")
	want := config.Settings{Home: "/file", Workers: 8, Background: false, Devices: []string{"cpu"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got = loaded.With(flags, "devices")
	got.Devices[0] = "changed"
	if loaded.Devices[0] != "cpu" || flags.Devices[0] != "webgpu" {
		t.Errorf("changing the result changed the others: %q and %q", loaded.Devices, flags.Devices)
	}
	defer func() {
		if recover() == nil {
			t.Error("a setting that there is not was taken")
		}
	}()
	loaded.With(flags, "wrokers")
}
