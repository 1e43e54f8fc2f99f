import type { Point, Quad, Region } from '../api/types'

/** An area smaller than this share of the page, across or down, is a slip of the pointer. */
const smallest = 0.005

/** The area between two opposite corners, which may lie beyond the page; none where it is tiny. */
export function regionBetween([fromX, fromY]: Point, [toX, toY]: Point): Region | undefined {
  const region = {
    left: onPage(Math.min(fromX, toX)),
    top: onPage(Math.min(fromY, toY)),
    right: onPage(Math.max(fromX, toX)),
    bottom: onPage(Math.max(fromY, toY)),
  }
  const isTiny = region.right - region.left < smallest || region.bottom - region.top < smallest
  return isTiny ? undefined : region
}

// A share of the page, to a tenth of a per cent: people read these numbers.
function onPage(share: number): number {
  return Math.round(Math.min(Math.max(share, 0), 1) * 1000) / 1000
}

/** Reports whether an area is one (Reading.Check in Go). */
export function isRegion({ left, top, right, bottom }: Region): boolean {
  const shares = [left, top, right, bottom]
  return shares.every((share) => share >= 0 && share <= 1) && left < right && top < bottom
}

/** Reports whether a line is left out: its middle lies in the area (Region.Covers in Go). */
export function covers(region: Region, quad: Quad, widthPx: number, heightPx: number): boolean {
  const x = quad.reduce((sum, [at]) => sum + at, 0) / quad.length / widthPx
  const y = quad.reduce((sum, [, at]) => sum + at, 0) / quad.length / heightPx
  return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom
}
