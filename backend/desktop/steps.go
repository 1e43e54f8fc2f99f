package desktop

import (
	"context"

	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Steps says what is done beyond reading with what is added from now on.
func (j *Jobs) Steps() (_ inkpool.Steps, err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return inkpool.Steps{}, err
	}
	return j.window.steps(), nil
}

// SetSteps changes that, as SetReading does.
func (j *Jobs) SetSteps(s inkpool.Steps) (err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	return j.window.change(func(all *config.Settings) { all.Steps = s })
}

// AddSteps has more done with what was read of a job. CodeConflict says that some of it is
// being worked on.
func (j *Jobs) AddSteps(job int64, more inkpool.Steps) error {
	return j.steer(func(ctx context.Context, a *app.App) error {
		return a.Queue.AddSteps(ctx, inkpool.JobID(job), more)
	})
}

// steps are what is done beyond reading now.
func (w *Window) steps() inkpool.Steps {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.settings.Steps.Clone()
}
