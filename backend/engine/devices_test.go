package engine_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// openDevices returns an engine on devices with two slots each.
func openDevices(t *testing.T, devices ...string) *engine.Engine {
	t.Helper()
	return openWithSettings(t, engine.Settings{Workers: 2, Devices: devices})
}

// tongue is the session of the model that tells the language of every text.
const tongue = 1

// names are those of the devices in use, and sessions what each has loaded.
func names(u inkpool.Usage) (names []string, sessions []int) {
	for _, d := range u.Devices {
		names, sessions = append(names, d.Name), append(sessions, d.Sessions)
	}
	return names, sessions
}

func TestTasksGoToTheDeviceThatIsFree(t *testing.T) {
	e := openDevices(t, "cpu", "cpu")
	if got := e.InFlight(); got != 4 {
		t.Errorf("got %d tasks in flight, want two for each device", got)
	}
	if err := e.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	devices, sessions := names(e.Usage())
	if !slices.Equal(devices, []string{"cpu", "cpu"}) || !slices.Equal(sessions, []int{3, 3}) {
		t.Errorf("got devices %v with %v sessions, want two with 3 each", devices, sessions)
	}
	for n, want := range [][]int{{1, 0}, {1, 1}, {2, 1}, {2, 2}, {3, 2}} {
		engine.Take(e)
		if got := engine.TasksOn(e); !slices.Equal(got, want) {
			t.Errorf("task %d: got %v, want %v", n+1, got, want)
		}
	}
}

func TestTwoDevicesReadAsOne(t *testing.T) {
	want, err := openDevices(t).Process(t.Context(), sample("white-on-transparent.png"), nil)
	if err != nil {
		t.Fatal(err)
	}
	e := openDevices(t, "cpu", "cpu")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil)
			got.Timing = want.Timing
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
	wg.Wait()
}

// A device that does not work is left out with a notice, and its work is done all the same.
func TestDevicesThatDoNotWorkAreLeftOut(t *testing.T) {
	broken := errors.New("no adapter")
	for name, c := range map[string]struct {
		devices []string
		errs    []error // of loading their models
		warm    bool
		notices []string
	}{
		"found out when warming": {[]string{"webgpu", "cpu"}, []error{broken, nil}, true, []string{"webgpu"}},
		"found out by a page":    {[]string{"webgpu"}, []error{broken}, false, []string{"webgpu"}},
		"all of them":            {[]string{"webgpu", "cuda:0"}, []error{broken, engine.ErrOtherText}, true, []string{"webgpu", "cuda:0"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := openDevices(t, slices.Repeat([]string{"cpu"}, len(c.devices))...)
			engine.Replace(e, c.devices, c.errs)
			if c.warm {
				if err := e.Warm(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if r, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil || r.Text == "" {
				t.Errorf("got %q, %v; want it read", r.Text, err)
			}
			u := e.Usage()
			if got, _ := names(u); !slices.Equal(got, []string{"cpu"}) {
				t.Errorf("got devices %v, want the CPU alone", got)
			}
			if len(u.Notices) != len(c.notices) {
				t.Fatalf("got notices %v, want %d", u.Notices, len(c.notices))
			}
			for i, n := range u.Notices {
				if n.Code != inkpool.CodeUnavailable || !strings.Contains(n.Message, c.notices[i]) || n.Hint == "" {
					t.Errorf("got notice %+v, want one that names %s", n, c.notices[i])
				}
			}
		})
	}
}

func TestIdleModelsAreDroppedAndComeBack(t *testing.T) {
	e := openWithSettings(t, engine.Settings{Workers: 2, IdleAfter: time.Hour})
	for range 2 {
		if _, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil {
			t.Fatal(err)
		}
		if _, sessions := names(e.Usage()); !slices.Equal(sessions, []int{3 + tongue}) {
			t.Errorf("got %v sessions after a page, want %d", sessions, 3+tongue)
		}
		engine.Idle(e)
		if _, sessions := names(e.Usage()); !slices.Equal(sessions, []int{0}) {
			t.Errorf("got %v sessions after a pause, want none", sessions)
		}
	}
}

// The CPU that texts were worked on becomes the one that reads.
func TestThereIsOneCPU(t *testing.T) {
	e := openDevices(t, "cpu")
	engine.Replace(e, []string{"webgpu"}, []error{errors.New("no adapter")})
	for _, task := range []inkpool.Task{file(t, "letter.txt", []byte("A text.")), sample("form.png")} {
		if _, err := e.Process(t.Context(), task, nil); err != nil {
			t.Fatal(err)
		}
		if got := engine.DevicesOf(e); got != 2 {
			t.Errorf("got %d devices, want the one that does not work and the CPU", got)
		}
	}
}
