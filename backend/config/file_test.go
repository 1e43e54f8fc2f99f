package config_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// write puts text into a new settings file, with nothing in the environment, and returns
// the file's path.
func write(t *testing.T, text string) string {
	t.Helper()
	t.Setenv("INKPOOL_HOME", "")
	path := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// content returns what is in the settings file.
func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// defaults are those of this machine, as Load returns them.
func defaults(t *testing.T) config.Settings {
	t.Helper()
	s, err := config.Default(t.Context()).Validate()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestLoad(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want func(*config.Settings)
	}{
		"empty object":    {`{}`, func(*config.Settings) {}},
		"null":            {`{"workers": null, "devices": null}`, func(*config.Settings) {}},
		"byte order mark": {"\ufeff{\"workers\": 3}\r\n", func(s *config.Settings) { s.Workers = 3 }},
		"everything": {
			`{"home": "/h", "cache_dir": "/c", "workers": 3, "memory_budget": "25%", "timeout": "60s", "idle_after": "0",
			"in_process": true, "background": false, "keep_awake": false, "battery_pause_percent": 0, "battery_workers": 0,
			"devices": ["CUDA:1", "cpu"], "library": "/lib/ort.so", "plain": true,
			"heif": false, "reading": {"layout": "raw", "ignore": [{"left": 0, "top": 0, "right": 1, "bottom": 0.1}]},
			"steps": {"translate": {"to": "zh"}, "label": {"packs": ["p"]}}, "shares": {"read": 3}}`,
			func(s *config.Settings) {
				*s = config.Settings{
					Home: "/h", CacheDir: "/c", Workers: 3, MemoryBudget: config.Bytes{Percent: 25}, Timeout: config.Duration(time.Minute),
					InProcess: true, Devices: []string{"cuda:1", "cpu"}, Library: "/lib/ort.so", Plain: true,
					Reading: inkpool.Reading{Layout: inkpool.LayoutRaw, Ignore: []inkpool.Region{{Right: 1, Bottom: 0.1}}},
					Steps:   inkpool.Steps{Translate: &inkpool.Translating{To: "zh"}, Label: &inkpool.Labelling{Packs: []string{"p"}}},
					Shares:  config.Shares{Read: 3},
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, c.text)
			want := defaults(t)
			c.want(&want)
			got, warnings, err := config.Load(t.Context(), path)
			if err != nil || warnings != nil {
				t.Errorf("got %q, %v, want no warning and no error", warnings, err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadWithoutFile(t *testing.T) {
	got, warnings, err := config.Load(t.Context(), filepath.Join(t.TempDir(), "no", "config.json"))
	if diff := cmp.Diff(defaults(t), got); err != nil || warnings != nil || diff != "" {
		t.Errorf("got %q, %v, want the defaults (-want +got):\n%s", warnings, err, diff)
	}
}

func TestEnvironmentIsOverTheFile(t *testing.T) {
	path := write(t, `{"home": "/file", "workers": 3}`)
	t.Setenv("INKPOOL_HOME", "/env")
	s, _, err := config.Load(t.Context(), path)
	if err != nil || s.Home != "/env" || s.Workers != 3 {
		t.Errorf("got %q, %d workers, %v, want the environment's home and the file's 3", s.Home, s.Workers, err)
	}
}

// TestDamagedFile looks at the error, that the defaults come with it, and that saving
// leaves the file as it is.
func TestDamagedFile(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"empty":               {"", "damaged"},
		"zeros":               {"\x00\x00\x00\x00", "damaged"},
		"cut off":             {`{"workers": 3`, "damaged"},
		"two files":           {`{"workers": 3}{}`, "damaged"},
		"a list":              {`[]`, "damaged"},
		"null":                {`null`, "damaged"},
		"a text for a number": {`{"workers": "three"}`, `"workers" must be a whole number, not "three"`},
		"a fraction":          {`{"workers": 2.5}`, `"workers" must be a whole number, not 2.5`},
		"a number for a time": {`{"timeout": 60}`, `"timeout" must be a time such as "60s" or "5m", not 60`},
		"an unknown unit":     {`{"memory_budget": "2 apples"}`, `"memory_budget" must be a size such as "2GiB" or "25%", not "2 apples"`},
		"a text for a switch": {`{"plain": "yes"}`, `"plain" must be true or false, not "yes"`},
		"a text for a list":   {`{"devices": "cpu"}`, `"devices" must be a list of texts such as ["cpu"], not "cpu"`},
		"a number for a path": {`{"library": 5}`, `"library" must be the path of a file or folder, not 5`},
		"a part of a path":    {`{"home": "~/pool"}`, `"home" must be a whole path, not "~/pool"`},
		"a slip in a name":    {`{"reading": {"detect_sidee": 5}}`, `there is no "detect_sidee" in "reading", which has pack, layout, source, `},
		"a slip in a value":   {`{"reading": {"detect_side": "5"}}`, `"detect_side" in "reading" is of the wrong kind: string`},
		"no language":         {`{"steps": {"translate": {"to": "everything"}}}`, `"everything" is no language to translate into`},
		"a text for steps":    {`{"steps": "translate"}`, `"steps" must be an object such as {"translate": {"to": "zh"}}, not "translate"`},
		"a list for reading":  {`{"reading": ["raw"]}`, `"reading" must be an object such as {"layout": "paragraphs"}, not ["raw"]`},
		"out of range":        {`{"devices": ["webgpu"], "workers": 0}`, "the number of workers must be between 1 and 1024, not 0"},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, c.text)
			s, _, err := config.Load(t.Context(), path)
			var e *inkpool.Error
			if !errors.As(err, &e) || e.Code != inkpool.CodeInvalid || e.Hint == "" ||
				!strings.Contains(e.Message, path) || !strings.Contains(e.Message, c.says) {
				t.Errorf("got %#v, want %q with the path, a hint and %q", err, inkpool.CodeInvalid, c.says)
			}
			if diff := cmp.Diff(config.Default(t.Context()), s); diff != "" {
				t.Errorf("the settings are not the defaults (-want +got):\n%s", diff)
			}
			s.Workers = 5
			if err := config.Save(t.Context(), path, s); inkpool.CodeOf(err) != inkpool.CodeInvalid {
				t.Errorf("save: got %v, want %q", err, inkpool.CodeInvalid)
			}
			if got := content(t, path); got != c.text {
				t.Errorf("the file became %q", got)
			}
		})
	}
}

func TestUnknownKeysAreKept(t *testing.T) {
	path := write(t, `{"wrokers": 3, "Workers": 4, "later": {"a<b": [1, 2.50]}}`)
	s, warnings, err := config.Load(t.Context(), path)
	if err != nil || len(warnings) != 3 {
		t.Fatalf("got %q, %v, want one warning for each key", warnings, err)
	}
	for i, key := range []string{`"Workers"`, `"later"`, `"wrokers"`} {
		if !strings.Contains(warnings[i], key) || !strings.Contains(warnings[i], path) {
			t.Errorf("got %q, want it to name %s and the file", warnings[i], key)
		}
	}
	s.Workers = defaults(t).Workers + 1
	if err := config.Save(t.Context(), path, s); err != nil {
		t.Fatal(err)
	}
	got := content(t, path)
	for _, want := range []string{`"wrokers": 3`, `"Workers": 4`, `"a<b"`, `2.50`, `"workers": `} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

func TestSaveWritesWhatIsChosen(t *testing.T) {
	path := write(t, `{"memory_budget": 2147483648, "home": "/file", "plain": true}`)
	t.Setenv("INKPOOL_HOME", "/env") // which is nobody's choice for the file
	s, _, err := config.Load(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	s.Plain = false // the default
	s.Timeout = config.Duration(time.Minute)
	s.Devices = []string{"webgpu", "cpu"}
	s.Library = "/a&b"
	if err := config.Save(t.Context(), path, s); err != nil {
		t.Fatal(err)
	}
	want := `{
  "devices": [
    "webgpu",
    "cpu"
  ],
  "home": "/file",
  "library": "/a&b",
  "memory_budget": 2147483648,
  "timeout": "1m"
}
`
	if diff := cmp.Diff(want, content(t, path)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, _, err := config.Load(t.Context(), path)
	if diff := cmp.Diff(s, again); err != nil || diff != "" {
		t.Errorf("loaded again: %v (-want +got):\n%s", err, diff)
	}
}

func TestSaveMakesTheFile(t *testing.T) {
	t.Setenv("INKPOOL_HOME", "")
	path := filepath.Join(t.TempDir(), "new", "config.json")
	s := defaults(t)
	s.KeepAwake = false
	if err := config.Save(t.Context(), path, s); err != nil {
		t.Fatal(err)
	}
	if got, want := content(t, path), "{\n  \"keep_awake\": false\n}\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v, want the file and no other", entries, err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v, want a file for its owner only", info.Mode(), err)
	}
}

func TestSaveRefusesWhatIsNotValid(t *testing.T) {
	path := write(t, `{"workers": 3}`)
	s := defaults(t)
	s.Workers = -1
	if err := config.Save(t.Context(), path, s); inkpool.CodeOf(err) != inkpool.CodeInvalid {
		t.Errorf("got %v, want %q", err, inkpool.CodeInvalid)
	}
	if got := content(t, path); got != `{"workers": 3}` {
		t.Errorf("the file became %q", got)
	}
}

// TestSaveByManyAtOnce also reads all the while: there is a complete file at any moment.
func TestSaveByManyAtOnce(t *testing.T) {
	path := write(t, `{"workers": 1000, "later": true}`)
	s := defaults(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			mine := s
			mine.Workers = 1000 + i
			if err := config.Save(t.Context(), path, mine); err != nil {
				t.Error(err)
			}
			if got, _, err := config.Load(t.Context(), path); err != nil || got.Workers < 1000 {
				t.Errorf("got %d workers, %v, want what one of them saved", got.Workers, err)
			}
		})
	}
	all.Wait()
	if got := content(t, path); !strings.Contains(got, `"later": true`) {
		t.Errorf("got %s, want the unknown key kept", got)
	}
}

func TestSaveFollowsLinks(t *testing.T) {
	target := write(t, `{}`)
	link := filepath.Join(t.TempDir(), "config.json")
	if err := os.Symlink(target, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	s := defaults(t)
	s.Plain = true
	if err := config.Save(t.Context(), link, s); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("got %v, %v, want the link as it was", info, err)
	}
	if got := content(t, target); !strings.Contains(got, "plain") {
		t.Errorf("got %q, want the new settings where the link leads", got)
	}
}

func TestFilesInTheWay(t *testing.T) {
	t.Setenv("INKPOOL_HOME", "")
	dir := t.TempDir()
	if _, _, err := config.Load(t.Context(), dir); inkpool.CodeOf(err) != inkpool.CodeInvalid {
		t.Errorf("load a folder: got %v, want %q", err, inkpool.CodeInvalid)
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := defaults(t)
	s.Plain = true
	err := config.Save(t.Context(), filepath.Join(file, "config.json"), s)
	var e *inkpool.Error
	if !errors.As(err, &e) || e.Hint == "" || !strings.Contains(e.Message, file) {
		t.Errorf("save below a file: got %v, want an error with the path and a hint", err)
	}
}

func TestSettingsAreOneShapeInJSON(t *testing.T) {
	s := defaults(t)
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	path := write(t, string(text))
	got, warnings, err := config.Load(t.Context(), path)
	if diff := cmp.Diff(s, got); err != nil || warnings != nil || diff != "" {
		t.Errorf("settings written as JSON are no settings file: %q, %v (-want +got):\n%s", warnings, err, diff)
	}
}

// FuzzLoad looks for files that upset Load, or that Save makes something else of.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `{"workers": 3, "x": [1e3]}`, `{"memory_budget": "25%", "timeout": "1h"}`, `{"devices": ["cpu"], "home": "/h"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "config.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, _, err := config.Load(t.Context(), path)
		if err != nil {
			if code := inkpool.CodeOf(err); code != inkpool.CodeInvalid {
				t.Errorf("%q: got %q, want %q", text, code, inkpool.CodeInvalid)
			}
			return
		}
		s.KeepAwake = !s.KeepAwake
		if err := config.Save(t.Context(), path, s); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, _, err := config.Load(t.Context(), path)
		if diff := cmp.Diff(s, again); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", text, err, diff)
		}
	})
}
