package engine_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"image"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/inkpool/inkpool/backend/document"
	"github.com/inkpool/inkpool/backend/engine"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/pool"
)

func TestSettingsTravel(t *testing.T) {
	want := engine.Settings{
		CacheDir: "cache", PacksDir: "packs", Workers: 3, Shares: map[pool.Kind]int{pool.Translating: 2}, Limits: document.Limits{MaxPixels: 1000}, MemoryBudget: 1 << 30,
		IdleAfter: time.Minute, Devices: []string{"webgpu", "cpu"}, Library: "lib.so", Plain: true, NoHEIF: true,
	}
	v := reflect.ValueOf(want)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("the test leaves %s out", v.Type().Field(i).Name)
		}
	}
	var asJSON, asGob engine.Settings
	text, err := json.Marshal(want)
	if err == nil {
		err = json.Unmarshal(text, &asJSON)
	}
	if err != nil || !reflect.DeepEqual(asJSON, want) {
		t.Errorf("as JSON: got %+v, %v", asJSON, err)
	}
	var buf bytes.Buffer
	err = gob.NewEncoder(&buf).Encode(want)
	if err == nil {
		err = gob.NewDecoder(&buf).Decode(&asGob)
	}
	if err != nil || !reflect.DeepEqual(asGob, want) {
		t.Errorf("as gob: got %+v, %v", asGob, err)
	}
}

func TestInFlight(t *testing.T) {
	for _, c := range []struct {
		workers int
		devices []string
		want    int
	}{
		{0, nil, 1}, {1, nil, 1}, {2, nil, 2}, {4, nil, 2}, {8, nil, 3}, {64, nil, 10},
		{8, []string{"cpu", "cpu"}, 6}, {8, []string{"webgpu"}, 2}, {8, []string{"cpu", "cuda:0", "cuda:1"}, 7},
	} {
		s := engine.Settings{Workers: c.workers, Devices: c.devices}
		if got := s.InFlight(); got != c.want {
			t.Errorf("%d workers on %v: got %d, want %d", c.workers, c.devices, got, c.want)
		}
		if got := engine.New(engine.Options{Settings: s}).InFlight(); got != c.want {
			t.Errorf("the engine of %d workers on %v: got %d, want %d", c.workers, c.devices, got, c.want)
		}
	}
}

func TestWorkersChangeLive(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{Workers: 2, Devices: []string{"cpu", "webgpu"}}})
	for _, c := range []struct{ set, cpu, inFlight int }{{8, 8, 5}, {1, 1, 3}, {0, 1, 3}} {
		e.SetWorkers(c.set)
		u := e.Usage()
		if got := u.Devices[0].Slots; got != c.cpu || u.Devices[1].Slots != 2 || e.InFlight() != c.inFlight {
			t.Errorf("%d workers: got %d and %d slots, %d in flight; want %d and 2, %d",
				c.set, got, u.Devices[1].Slots, e.InFlight(), c.cpu, c.inFlight)
		}
	}
}

func TestUsageTellsTheMemory(t *testing.T) {
	u := openWith(t, nil, 1).Usage()
	if u.Process <= 0 || u.ResidentBytes < 1<<20 || u.PeakBytes < u.ResidentBytes {
		t.Errorf("got process %d with %d bytes, at most %d", u.Process, u.ResidentBytes, u.PeakBytes)
	}
	if u.BudgetBytes < 64<<20 || u.ReservedBytes != 0 {
		t.Errorf("got %d of %d bytes reserved, want none of a quarter of this machine's", u.ReservedBytes, u.BudgetBytes)
	}
}

// With a budget that is too small for any of them, pages go one by one, and all are read.
func TestPagesLargerThanTheBudgetGoAlone(t *testing.T) {
	e := openWithSettings(t, engine.Settings{Workers: 4, MemoryBudget: 1})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if r, err := e.Process(t.Context(), sample("white-on-transparent.png"), nil); err != nil || r.Text == "" {
				t.Errorf("got %q, %v; want it read", r.Text, err)
			}
			if _, err := e.Picture(t.Context(), sample("poster.jpg"), 0, 100); err != nil {
				t.Errorf("the picture: %v", err)
			}
		})
	}
	wg.Wait()
	if u := e.Usage(); u.ReservedBytes != 0 || u.BudgetBytes != 1 {
		t.Errorf("got %d of %d bytes reserved at the end, want 0 of 1", u.ReservedBytes, u.BudgetBytes)
	}
}

// What can never be read is refused without waiting for memory.
func TestTooLargePicturesDoNotWait(t *testing.T) {
	e := engine.New(engine.Options{Settings: engine.Settings{
		Workers: 1, MemoryBudget: 1, Limits: document.Limits{MaxPixels: 100},
	}})
	release := engine.ReserveAll(t, e)
	defer release()
	_, err := e.Process(t.Context(), file(t, "large.png", encoded(t, image.NewGray(image.Rect(0, 0, 40, 40)))), nil)
	if got := inkpool.CodeOf(err); got != inkpool.CodeTooLarge {
		t.Errorf("got %q (%v), want %q", got, err, inkpool.CodeTooLarge)
	}
}
