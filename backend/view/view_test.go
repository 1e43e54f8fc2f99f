package view_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Other programs read these lines: a difference here is a new Version.
func TestPageJSON(t *testing.T) {
	quad := inkpool.Quad{{X: 1.04, Y: -0.04}, {X: 100.05, Y: 2}, {X: 100, Y: 20.96}, {X: 0, Y: 21}}
	failure := inkpool.Errorf(inkpool.CodeTooLarge, "too large").WithHint("Cut it.").WithCause(errNever{})
	for name, c := range map[string]struct {
		task   inkpool.Task
		result *inkpool.Result
		want   string
	}{
		"picture": {
			task: inkpool.Task{ID: 9, Job: 3, Path: "/home/me/a.jpg", Page: 1, State: inkpool.StateDone, Kind: inkpool.KindImage, Attempt: 2},
			result: &inkpool.Result{
				Kind: inkpool.KindImage, WidthPx: 1280, HeightPx: 720, Text: "one\n\ntwo",
				Lines: []inkpool.Line{
					{Text: "one", Score: 0.987654321, Quad: quad},
					{Text: "two", Score: 1, Quad: quad, Block: 1, Vertical: true},
				},
				Timing: inkpool.Timing{Total: 412040 * time.Microsecond, Wait: 3149 * time.Microsecond, Infer: time.Second},
			},
			want: `{"v":1,"path":"a.jpg","page":1,"kind":"image","status":"done","width":1280,"height":720,` +
				`"text":"one\n\ntwo","lines":[` +
				`{"text":"one","score":0.9877,"quad":[[1,0],[100.1,2],[100,21],[0,21]],"block":0,"vertical":false},` +
				`{"text":"two","score":1,"quad":[[1,0],[100.1,2],[100,21],[0,21]],"block":1,"vertical":true}],` +
				`"error":null,"attempt":2,"ms":{"total":412,"wait":3.1,"infer":1000}}`,
		},
		"picture without text": {
			task:   inkpool.Task{Page: 1, State: inkpool.StateDone, Kind: inkpool.KindImage, Attempt: 1},
			result: &inkpool.Result{Kind: inkpool.KindImage, WidthPx: 8, HeightPx: 8},
			want: `{"v":1,"path":"a.jpg","page":1,"kind":"image","status":"done","width":8,"height":8,` +
				`"text":"","lines":[],"error":null,"attempt":1,"ms":{"total":0,"wait":0,"infer":0}}`,
		},
		"text": {
			task:   inkpool.Task{Page: 1, State: inkpool.StateDone, Kind: inkpool.KindText, Attempt: 1},
			result: &inkpool.Result{Kind: inkpool.KindText, Text: "hello"},
			want: `{"v":1,"path":"a.jpg","page":1,"kind":"text","status":"done","text":"hello",` +
				`"error":null,"attempt":1,"ms":{"total":0,"wait":0,"infer":0}}`,
		},
		"text with more done": {
			task: inkpool.Task{Page: 1, State: inkpool.StateDone, Kind: inkpool.KindText, Attempt: 1},
			result: &inkpool.Result{
				Kind: inkpool.KindText, Text: "Ann is 好", Language: inkpool.Language{Code: "en", Score: 0.912345},
				Labels: []inkpool.Label{
					{Pack: "sst2", Name: "POSITIVE", Score: 0.7},
					{Pack: "ner", Name: "PER", Score: 0.98765, Span: &inkpool.Span{Start: 0, End: 3}},
					{Pack: "ner", Name: "LOC", Score: 0.5, Span: &inkpool.Span{Start: 7, End: 99}},
				},
				Translation: &inkpool.Translation{
					From: "en", To: "zh", Pack: "opus-mt-en-zh", Text: "安",
					Segments: []inkpool.Segment{{Source: "Ann is 好", Target: "安", Doubtful: true}},
				},
			},
			want: `{"v":1,"path":"a.jpg","page":1,"kind":"text","status":"done","text":"Ann is 好",` +
				`"language":{"code":"en","score":0.9123},"labels":[{"model":"sst2","label":"POSITIVE","score":0.7},` +
				`{"model":"ner","label":"PER","score":0.9877,"text":"Ann","start":0,"end":3},{"model":"ner","label":"LOC","score":0.5}],` +
				`"translation":{"from":"en","to":"zh","model":"opus-mt-en-zh","text":"安",` +
				`"segments":[{"source":"Ann is 好","target":"安","doubtful":true}]},` +
				`"error":null,"attempt":1,"ms":{"total":0,"wait":0,"infer":0}}`,
		},
		"text that could not be translated": {
			task: inkpool.Task{Page: 1, State: inkpool.StateDone, Kind: inkpool.KindText, Attempt: 1},
			result: &inkpool.Result{
				Kind: inkpool.KindText, Text: "a", LabelError: failure,
				Translation: &inkpool.Translation{To: "zh", Error: failure},
			},
			want: `{"v":1,"path":"a.jpg","page":1,"kind":"text","status":"done","text":"a",` +
				`"label_error":{"code":"too_large","message":"too large","hint":"Cut it."},` +
				`"translation":{"from":"","to":"zh","text":"","error":{"code":"too_large","message":"too large","hint":"Cut it."}},` +
				`"error":null,"attempt":1,"ms":{"total":0,"wait":0,"infer":0}}`,
		},
		"failed": {
			task: inkpool.Task{Page: 7, State: inkpool.StateFailed, Attempt: 1, Error: failure},
			want: `{"v":1,"path":"a.jpg","page":7,"status":"failed","text":"",` +
				`"error":{"code":"too_large","message":"too large","hint":"Cut it."},"attempt":1}`,
		},
		"pages could not be counted": {
			task: inkpool.Task{Page: 0, State: inkpool.StateQueued},
			want: `{"v":1,"path":"a.jpg","page":1,"status":"queued","text":"","error":null,"attempt":0}`,
		},
		"not done yet": {
			task: inkpool.Task{Page: 1, State: inkpool.StateQueued},
			want: `{"v":1,"path":"a.jpg","page":1,"status":"queued","text":"","error":null,"attempt":0}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			wantJSON(t, view.OfPage(c.task, "a.jpg", c.result), c.want)
		})
	}
}

// errNever is a cause: its words are for logs and never shown.
type errNever struct{}

func (errNever) Error() string { return "never shown" }

func TestJobJSON(t *testing.T) {
	j := inkpool.Job{
		ID: 5, Title: "scans", CreatedAt: time.UnixMilli(1763700000123),
		Counts: inkpool.Counts{Queued: 1, Running: 2, Done: 3, Failed: 4, Cancelled: 5, Quarantined: 6},
	}
	wantJSON(t, view.OfJob(j), `{"id":5,"title":"scans","state":"running","paused":false,"tasks":21,"queued":1,"running":2,"done":3,`+
		`"failed":10,"cancelled":5,"created_at_ms":1763700000123}`)
}

func TestTaskJSON(t *testing.T) {
	task := inkpool.Task{
		ID: 9, Job: 5, Index: 2, Name: "scans/1.png", Path: "/home/me/scans/1.png", Page: 1,
		State: inkpool.StateCancelled, Kind: inkpool.KindImage, Attempt: 1, Owner: "never shown",
		Error: inkpool.Errorf(inkpool.CodeCancelled, "cancelled"),
	}
	wantJSON(t, view.OfTask(task), `{"id":9,"job":5,"index":2,"name":"scans/1.png","path":"/home/me/scans/1.png","page":1,`+
		`"kind":"image","state":"cancelled","attempt":1,"error":{"code":"cancelled","message":"cancelled"}}`)
	wantJSON(t, view.OfTaskChange(task), `{"id":9,"job":5,"kind":"image","state":"cancelled","attempt":1,`+
		`"error":{"code":"cancelled","message":"cancelled"}}`)
	wantJSON(t, view.OfTaskChange(inkpool.Task{ID: 1, Job: 1, State: inkpool.StateQueued}),
		`{"id":1,"job":1,"state":"queued","attempt":0}`)
}

func wantJSON(t *testing.T, v any, want string) {
	t.Helper()
	got, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("JSON (-want +got):\n%s", d)
	}
}

func TestPausedJob(t *testing.T) {
	for name, c := range map[string]struct {
		counts inkpool.Counts
		want   string
	}{
		"some is left":     {inkpool.Counts{Queued: 1, Done: 2}, "paused"},
		"some is running":  {inkpool.Counts{Queued: 1, Running: 1}, "running"},
		"nothing is left":  {inkpool.Counts{Done: 2}, "done"},
		"the rest is gone": {inkpool.Counts{Done: 2, Cancelled: 1}, "cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := view.OfJob(inkpool.Job{Paused: true, Counts: c.counts}).State; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestLogJSON(t *testing.T) {
	wantJSON(t, view.OfLog(nil), `[]`)
	wantJSON(t, view.OfLog([]inkpool.LogEntry{
		{Task: 9, At: time.UnixMilli(1763700000123), What: "queued"},
		{Task: 9, At: time.UnixMilli(1763700000456), Attempt: 1, What: "failed", Detail: "invalid: damaged", Took: 1250 * time.Microsecond},
	}), `[{"at_ms":1763700000123,"attempt":0,"what":"queued"},`+
		`{"at_ms":1763700000456,"attempt":1,"what":"failed","detail":"invalid: damaged","took_ms":1.3}]`)
}

func TestEngineJSON(t *testing.T) {
	wantJSON(t, view.OfUsage(inkpool.Usage{}), `{"process":0,"resident_bytes":0,"peak_bytes":0,"budget_bytes":0,`+
		`"reserved_bytes":0,"restarts":0,"devices":[],"notices":[],"on_battery":false,"held":false}`)
	wantJSON(t, view.OfUsage(inkpool.Usage{
		Process: 7, ResidentBytes: 1, PeakBytes: 2, BudgetBytes: 3, ReservedBytes: 4, Restarts: 5,
		Devices: []inkpool.DeviceUsage{{Name: "cpu", Slots: 8, Busy: 3, Sessions: 3}},
		Notices: []*inkpool.Error{inkpool.Errorf(inkpool.CodeUnavailable, "no GPU").WithHint("Use the CPU.")},
	}), `{"process":7,"resident_bytes":1,"peak_bytes":2,"budget_bytes":3,"reserved_bytes":4,"restarts":5,`+
		`"devices":[{"name":"cpu","slots":8,"busy":3,"sessions":3}],`+
		`"notices":[{"code":"unavailable","message":"no GPU","hint":"Use the CPU."}],"on_battery":false,"held":false}`)
}
