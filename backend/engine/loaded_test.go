package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/inkpool/inkpool/backend/infer"
	"github.com/inkpool/inkpool/backend/infer/infertest"
	"github.com/inkpool/inkpool/backend/inkpool"
	"github.com/inkpool/inkpool/backend/modelpack"
)

func packOf(id, version string) *modelpack.Pack {
	return &modelpack.Pack{Manifest: modelpack.Manifest{About: modelpack.About{ID: id, Version: version}}}
}

// oneSession is a pipeline of one model, which tells whether it has been closed.
func oneSession() (*reader, *infertest.Session) {
	s := &infertest.Session{Func: func(context.Context, []infer.Tensor, []infer.Tensor) error { return nil }}
	return &reader{opened: []infer.Session{s}}, s
}

func closed(s *infertest.Session) bool {
	return errors.Is(s.Run(context.Background(), nil, nil), infertest.ErrClosed)
}

func TestReadersInUseStayLoaded(t *testing.T) {
	sessions := map[string]*infertest.Session{}
	var order []string
	rs := loaded[*reader]{keep: keptReaders, load: func(_ context.Context, p *modelpack.Pack) (r *reader, err error) {
		order = append(order, p.ID+p.Version)
		r, sessions[p.ID+p.Version] = oneSession()
		return r, nil
	}}
	var all []func()
	for _, p := range []*modelpack.Pack{packOf("a", "1"), packOf("b", "1"), packOf("c", "1"), packOf("a", "2"), packOf("a", "1")} {
		_, giveBack, err := rs.borrow(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, giveBack)
	}
	if want := []string{"a1", "b1", "c1", "a2"}; !slices.Equal(order, want) {
		t.Errorf("got loads of %v, want %v: versions apart, the same one once", order, want)
	}
	for id, s := range sessions {
		if closed(s) {
			t.Errorf("%s has been closed while it was in use", id)
		}
	}
	all[0]() // a1 is still used by another
	for _, giveBack := range all[1:] {
		giveBack()
	}
	for id, want := range map[string]bool{"a1": false, "a2": false, "b1": true, "c1": true} { // used last: a2, a1
		if got := closed(sessions[id]); got != want {
			t.Errorf("%s: got closed %v, want %v", id, got, want)
		}
	}
	if err := rs.close(); err != nil || !closed(sessions["a1"]) || !closed(sessions["a2"]) {
		t.Errorf("close: got %v, want everything freed", err)
	}
	if _, _, err := rs.borrow(t.Context(), packOf("a", "1")); inkpool.CodeOf(err) != inkpool.CodeUnavailable {
		t.Errorf("after close: got %v, want %q", err, inkpool.CodeUnavailable)
	}
}

// Packs that cannot be loaded take nobody's place.
func TestReadersForgetWhatCannotBeLoaded(t *testing.T) {
	fail := errors.New("damaged")
	rs := loaded[*reader]{keep: keptReaders, load: func(_ context.Context, p *modelpack.Pack) (*reader, error) {
		if p.ID == "bad" {
			return nil, fail
		}
		r, _ := oneSession()
		return r, nil
	}}
	_, giveBack, err := rs.borrow(t.Context(), packOf("good", "1"))
	if err != nil {
		t.Fatal(err)
	}
	giveBack()
	for _, version := range []string{"1", "2", "3"} {
		if _, _, err := rs.borrow(t.Context(), packOf("bad", version)); !errors.Is(err, fail) {
			t.Errorf("got %v, want %v", err, fail)
		}
	}
	if got := len(rs.all()); got != 1 || len(rs.list) != 1 {
		t.Errorf("got %d loaded of %d, want the good one alone", got, len(rs.list))
	}
}

func TestReadersManyAtOnce(t *testing.T) {
	rs := loaded[*reader]{keep: keptReaders, load: func(context.Context, *modelpack.Pack) (*reader, error) {
		r, _ := oneSession()
		return r, nil
	}}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			r, giveBack, err := rs.borrow(t.Context(), packOf(string(rune('a'+i%5)), "1"))
			if err != nil {
				t.Error(err)
				return
			}
			defer giveBack()
			if err := r.opened[0].Run(t.Context(), nil, nil); err != nil {
				t.Errorf("in use: got %v", err)
			}
		})
	}
	wg.Wait()
	if got := len(rs.all()); got > keptReaders {
		t.Errorf("got %d loaded with nothing to do, want %d at most", got, keptReaders)
	}
	rs.dropModels()
	if got := len(rs.all()); got != 0 {
		t.Errorf("got %d loaded after they were dropped", got)
	}
}
