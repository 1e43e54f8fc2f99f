package desktop

import (
	"github.com/inkpool/inkpool/backend/app"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/view"
)

// Packs lists the packs of models that can read, the bundled one first.
func (j *Jobs) Packs() (_ []view.Pack, err error) {
	defer inkpool.Recover(&err)
	a, _, err := j.window.opened()
	if err != nil {
		return nil, err
	}
	found, err := app.Packs(a.Settings)
	packs := []view.Pack{}
	seen := map[string]bool{}
	for _, p := range found { // the newest version of each first: it reads, or none does
		usable := p.State == app.PackBundled || p.State == app.PackInstalled
		if usable && !seen[p.ID] {
			packs = append(packs, packOf(p))
		}
		seen[p.ID] = true
	}
	return packs, err
}

func packOf(p app.Pack) view.Pack {
	if p.State == app.PackBundled {
		return view.Pack{Name: p.Name}
	}
	return view.Pack{ID: p.ID, Name: p.Name}
}
