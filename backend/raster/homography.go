package raster

import (
	"math"

	"github.com/inkpool/inkpool/backend/inkpool"
)

// homography maps a rectangle onto a quad: (u, v) goes to
// ((ax*u + bx*v + cx) / z, (ay*u + by*v + cy) / z) with z = g*u + h*v + 1.
type homography struct{ ax, bx, cx, ay, by, cy, g, h float64 }

// homographyOf maps the rectangle 0..w x 0..h onto q (Heckbert, "Fundamentals of Texture
// Mapping and Image Warping", 1989, section 2.2.3). It is affine for parallelograms, and for
// quads so flat that no perspective can be told.
func homographyOf(q inkpool.Quad, w, h int) homography {
	dx1, dy1 := q[1].X-q[2].X, q[1].Y-q[2].Y
	dx2, dy2 := q[3].X-q[2].X, q[3].Y-q[2].Y
	dx3, dy3 := q[0].X-q[1].X+q[2].X-q[3].X, q[0].Y-q[1].Y+q[2].Y-q[3].Y
	const flat = 1e-9 // pixels: far below what a detector can tell, far above rounding
	var m homography
	if den := dx1*dy2 - dx2*dy1; den != 0 && (math.Abs(dx3) > flat || math.Abs(dy3) > flat) {
		m.g = (dx3*dy2 - dx2*dy3) / den
		m.h = (dx1*dy3 - dx3*dy1) / den
	}
	fw, fh := float64(w), float64(h)
	m.ax, m.ay = (q[1].X-q[0].X+m.g*q[1].X)/fw, (q[1].Y-q[0].Y+m.g*q[1].Y)/fw
	m.bx, m.by = (q[3].X-q[0].X+m.h*q[3].X)/fh, (q[3].Y-q[0].Y+m.h*q[3].Y)/fh
	m.cx, m.cy = q[0].X, q[0].Y
	m.g, m.h = m.g/fw, m.h/fh
	return m
}

// apply maps one point.
func (m *homography) apply(u, v float64) (x, y float64) {
	z := m.g*u + m.h*v + 1
	return (m.ax*u + m.bx*v + m.cx) / z, (m.ay*u + m.by*v + m.cy) / z
}
