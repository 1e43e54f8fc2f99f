package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"

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

func TestValidate(t *testing.T) {
	valid := config.Settings{Home: "/home", CacheDir: "/cache", Workers: 4}
	for name, c := range map[string]struct {
		change func(*config.Settings)
		ok     bool
	}{
		"valid":            {func(*config.Settings) {}, true},
		"one worker":       {func(s *config.Settings) { s.Workers = 1 }, true},
		"most workers":     {func(s *config.Settings) { s.Workers = config.MaxWorkers }, true},
		"no worker":        {func(s *config.Settings) { s.Workers = 0 }, false},
		"negative workers": {func(s *config.Settings) { s.Workers = -1 }, false},
		"too many workers": {func(s *config.Settings) { s.Workers = config.MaxWorkers + 1 }, false},
		"no home":          {func(s *config.Settings) { s.Home = "" }, false},
		"no cache":         {func(s *config.Settings) { s.CacheDir = "" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := valid
			c.change(&s)
			got, err := s.Validate()
			switch {
			case c.ok && (err != nil || got != s):
				t.Errorf("got %+v, %v; want it as it is", got, err)
			case !c.ok && inkpool.CodeOf(err) != inkpool.CodeInvalid:
				t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
			}
		})
	}
}

func TestValidateMakesPathsAbsolute(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	s, err := config.Settings{Home: "home/../h", CacheDir: "c", Workers: 1}.Validate()
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]string{
		"h": s.Home, "c": s.CacheDir,
		"h/history.db": s.DatabasePath(), "h/inkpool.lock": s.LockPath(), "h/logs/inkpool.log": s.LogPath(),
	} {
		if !filepath.IsAbs(got) || !strings.HasSuffix(got, "/"+name) {
			t.Errorf("got %q, want an absolute path to %q", got, name)
		}
	}
}
