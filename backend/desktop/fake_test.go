package desktop

import (
	"context"
	"log/slog"
	"strconv"
	"testing"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/job"
)

// fakeEngine does what its functions do; nothing else may be called.
type fakeEngine struct {
	app.Engine
	picture func(context.Context) ([]byte, error) // unless it is nil, and the rotation is the picture
	warm    func(context.Context) error
}

func (e fakeEngine) Picture(ctx context.Context, _ inkpool.Task, rotation, _ int) ([]byte, error) {
	if e.picture == nil {
		return strconv.AppendInt(nil, int64(rotation), 10), nil
	}
	return e.picture(ctx)
}

func (e fakeEngine) Warm(ctx context.Context) error { return e.warm(ctx) }

// oneTask is a history of a single task.
type oneTask struct {
	inkpool.Store
	task inkpool.Task
}

func (oneTask) RecoverTasks(context.Context, string, bool) (inkpool.Recovered, error) {
	return inkpool.Recovered{}, nil
}

func (s oneTask) Task(context.Context, inkpool.TaskID) (inkpool.Task, error) { return s.task, nil }

// Result is that of a page which lay on its side.
func (s oneTask) Result(context.Context, inkpool.TaskID) (inkpool.Result, error) {
	if s.task.State != inkpool.StateDone {
		return inkpool.Result{}, inkpool.Errorf(inkpool.CodeNotFound, "no result")
	}
	return inkpool.Result{Rotation: 270}, nil
}

// windowOn is a window on an engine and a task.
func windowOn(t *testing.T, e fakeEngine, task inkpool.Task) *Window {
	t.Helper()
	w := NewWindow(loaded(config.Settings{}), nil)
	store := oneTask{task: task}
	queue, err := job.New(t.Context(), store, nil, job.Options{Owner: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(queue.Close)
	w.app, w.ctx = &app.App{Engine: e, Store: store, Queue: queue, Log: slog.New(slog.DiscardHandler)}, t.Context()
	close(w.started)
	return w
}
