package desktop

import (
	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Packs lists all packs of models: the bundled one, those that are installed, each with its
// newest version first, and those that can be had.
func (j *Jobs) Packs() (_ []view.Pack, err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	found, err := app.Packs(a.Settings)
	packs := []view.Pack{}
	seen := map[string]bool{}
	for _, p := range found {
		v := packOf(p)
		v.Current = !seen[p.ID] && (p.State == app.PackBundled || p.State == app.PackInstalled)
		seen[p.ID] = true
		packs = append(packs, v)
	}
	return packs, err
}

func packOf(p app.Pack) view.Pack {
	return view.Pack{
		ID: p.ID, Version: p.Version, Name: p.Name, Task: p.Task, State: string(p.State),
		Languages: p.Languages, From: p.From, To: p.To, Licence: p.Licence, Source: p.Source,
		Bytes: bytesOf(p), Error: view.OfError(p.Error),
	}
}

// bytesOf is the size of a pack, rounded where only its publishers know it.
func bytesOf(p app.Pack) int64 {
	if p.Bytes == 0 {
		return int64(p.ApproximateMB * 1e6)
	}
	return p.Bytes
}
