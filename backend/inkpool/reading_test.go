package inkpool_test

import (
	"math"
	"testing"

	"github.com/inkpool/inkpool/backend/inkpool"
)

func TestReadingCheck(t *testing.T) {
	region := func(l, t, r, b float64) inkpool.Reading {
		return inkpool.Reading{Ignore: []inkpool.Region{{Left: l, Top: t, Right: r, Bottom: b}}}
	}
	for name, c := range map[string]struct {
		reading inkpool.Reading
		fine    bool
	}{
		"zero value":        {inkpool.Reading{}, true},
		"layout":            {inkpool.Reading{Layout: inkpool.LayoutCode}, true},
		"unknown layout":    {inkpool.Reading{Layout: "spiral"}, false},
		"source":            {inkpool.Reading{Source: inkpool.SourceCarried}, true},
		"unknown source":    {inkpool.Reading{Source: "air"}, false},
		"side":              {inkpool.Reading{DetectSide: 1280}, true},
		"side too small":    {inkpool.Reading{DetectSide: 10}, false},
		"side too large":    {inkpool.Reading{DetectSide: 1e6}, false},
		"scores":            {inkpool.Reading{BoxScore: 1, TextScore: 0.3}, true},
		"score above 1":     {inkpool.Reading{TextScore: 1.1}, false},
		"score not there":   {inkpool.Reading{BoxScore: math.NaN()}, false},
		"negative score":    {inkpool.Reading{BoxScore: -0.1}, false},
		"region":            {region(0, 0, 1, 0.1), true},
		"empty region":      {region(0.5, 0, 0.5, 1), false},
		"region turned":     {region(0, 0.9, 1, 0.1), false},
		"region outside":    {region(0, 0, 1.5, 1), false},
		"region of nothing": {region(math.NaN(), 0, 1, 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.reading.Check()
			if (err == nil) != c.fine {
				t.Errorf("got %v, want fine %v", err, c.fine)
			}
			if err != nil && err.Code != inkpool.CodeInvalid {
				t.Errorf("got code %s, want %s", err.Code, inkpool.CodeInvalid)
			}
		})
	}
}

func TestRegionCovers(t *testing.T) {
	quad := inkpool.Quad{{X: 100, Y: 10}, {X: 300, Y: 10}, {X: 300, Y: 30}, {X: 100, Y: 30}} // its middle: 200, 20
	for name, c := range map[string]struct {
		region inkpool.Region
		want   bool
	}{
		"whole page":       {inkpool.Region{Right: 1, Bottom: 1}, true},
		"header":           {inkpool.Region{Right: 1, Bottom: 0.1}, true},
		"touched, not hit": {inkpool.Region{Right: 0.4, Bottom: 1}, false},
		"footer":           {inkpool.Region{Top: 0.9, Right: 1, Bottom: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := c.region.Covers(quad, 400, 400); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
