package desktop

import (
	"slices"

	"github.com/inkpool/inkpool/backend/config"
	"github.com/inkpool/inkpool/backend/inkpool"
)

// Reading says how the pages are read of what is added from now on.
func (j *Jobs) Reading() (_ inkpool.Reading, err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return inkpool.Reading{}, err
	}
	return j.window.reading(), nil
}

// SetReading changes that, and saves it in the settings file. When it cannot be saved it
// holds all the same, until the program ends.
func (j *Jobs) SetReading(r inkpool.Reading) (err error) {
	defer inkpool.Recover(&err)
	if _, _, err := j.window.opened(); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	return j.window.change(func(s *config.Settings) { s.Reading = r })
}

// reading is how pages are read now.
func (w *Window) reading() inkpool.Reading {
	w.mu.RLock()
	defer w.mu.RUnlock()
	r := w.settings.Reading
	r.Ignore = slices.Clone(r.Ignore)
	return r
}

// change changes the settings that hold, and those in the file as they are now: a person may
// have written others into it since the start.
func (w *Window) change(choose func(*config.Settings)) error {
	w.saving.Lock()
	defer w.saving.Unlock()
	w.mu.Lock()
	choose(&w.settings)
	w.mu.Unlock()
	saved, _, err := w.file.Load()
	if err != nil {
		return err
	}
	choose(&saved)
	return w.file.Save(saved)
}
