package cli

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/layout"
)

func addLayoutFlag(f *pflag.FlagSet, as *inkpool.Layout) {
	f.StringVar((*string)(as), "layout", "", "how lines become text, instead of as they were read: "+list(inkpool.Layouts()))
}

// laidOut is a history whose pages have their text in a chosen layout. Of what was read as
// raw the lines keep their order.
type laidOut struct {
	inkpool.Store
	as inkpool.Layout // empty: as it was read
}

// Result implements inkpool.Store.
func (l laidOut) Result(ctx context.Context, id inkpool.TaskID) (inkpool.Result, error) {
	r, err := l.Store.Result(ctx, id)
	if err == nil && l.as != "" && r.Lines != nil {
		r.Text = layout.Text(r.Lines, l.as)
	}
	return r, err
}
