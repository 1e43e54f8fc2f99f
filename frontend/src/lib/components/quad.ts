import type { Quad } from '../api/types'

/** The upright box around a quad, in the quad's own pixels. */
export interface Bounds {
  left: number
  top: number
  right: number
  bottom: number
}

/** A quad as the points of an SVG polygon. */
export function pointsOf(quad: Quad): string {
  return quad.map(([x, y]) => `${x},${y}`).join(' ')
}

/** The smallest upright box that holds a quad. */
export function boundsOf(quad: Quad): Bounds {
  const xs = quad.map(([x]) => x)
  const ys = quad.map(([, y]) => y)
  return {
    left: Math.min(...xs),
    top: Math.min(...ys),
    right: Math.max(...xs),
    bottom: Math.max(...ys),
  }
}

/**
 * Where to scroll one axis to, so that start..end is on view: nowhere when it is, its middle
 * into the middle when it fits, else its start to the edge. All in pixels.
 */
export function revealed(scroll: number, size: number, start: number, end: number): number {
  if (start >= scroll && end <= scroll + size) return scroll
  return end - start <= size ? (start + end - size) / 2 : start
}
