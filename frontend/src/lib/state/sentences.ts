import type { Label } from '../api/types'

/** More makes the web view slow to lay out: about 100 printed pages. */
export const shownChars = 200_000

/** A stretch of a text: a sentence, by its place among the segments, or what lies between. */
export interface Stretch {
  text: string
  at?: number
}

/**
 * Cuts a text where sentences begin and end that lie in it one after the other. White space and
 * hyphens may differ: sentences go across the lines of a page. Those that are not found are
 * passed over.
 */
export function cut(text: string, sentences: readonly string[]): Stretch[] {
  const bare = barely(text)
  const stretches: Stretch[] = []
  let done = 0 // of text
  let from = 0 // of bare
  sentences.forEach((sentence, at) => {
    const wanted = barely(sentence).text
    const found = wanted === '' ? -1 : bare.text.indexOf(wanted, from)
    if (found < 0) return
    from = found + wanted.length
    const start = bare.places[found] ?? done
    const end = (bare.places[from - 1] ?? done) + 1
    if (start > done) stretches.push({ text: text.slice(done, start) })
    stretches.push({ text: text.slice(start, end), at })
    done = end
  })
  if (done < text.length) stretches.push({ text: text.slice(done) })
  return stretches
}

// A text without white space and hyphens, and where each of its characters was.
function barely(text: string): { text: string; places: number[] } {
  let bare = ''
  const places: number[] = []
  for (const { 0: character, index } of text.matchAll(/[^\s\u00ad\u2010-]/g)) {
    bare += character
    places.push(index)
  }
  return { text: bare, places }
}

/** Parts of a text and of its translation that stand beside each other. */
export interface Row {
  source: Stretch[]
  target: Stretch[]
}

/** Pairs a text and its translation line by line, as the lines of the translation break. */
export function rowsOf(source: readonly Stretch[], target: readonly Stretch[]): Row[] {
  const rows: Row[] = []
  const left = parted(source)
  let begun: Stretch[] = []
  let last = -1 // sentence of the row
  const end = (through: number) => {
    rows.push({ source: trimmed(left.splice(0, endOf(left, through))), target: trimmed(begun) })
    begun = []
  }
  for (const stretch of parted(target)) {
    begun.push(stretch)
    last = stretch.at ?? last
    if (last >= 0 && breaksLine(stretch)) end(last)
  }
  if (begun.length > 0 || left.length > 0) end(Infinity)
  return rows
}

/** Where the line ends that a sentence stands in: before what leads to the next one. */
function endOf(stretches: readonly Stretch[], through: number): number {
  const next = stretches.findIndex(({ at }) => at !== undefined && at > through)
  if (next < 0) return stretches.length
  const lead = stretches[next - 1]
  return lead && lead.at === undefined && !breaksLine(lead) ? next - 1 : next
}

function breaksLine({ text, at }: Stretch): boolean {
  return at === undefined && text.includes('\n')
}

// What stands behind a line break, such as the mark of a list, belongs to the next line.
function parted(stretches: readonly Stretch[]): Stretch[] {
  return stretches.flatMap((stretch) => {
    if (!breaksLine(stretch)) return [stretch]
    const at = stretch.text.lastIndexOf('\n') + 1
    return [{ text: stretch.text.slice(0, at) }, { text: stretch.text.slice(at) }].filter(
      ({ text }) => text !== '',
    )
  })
}

// Rows stand apart: line breaks at their ends would only make holes.
function trimmed(stretches: readonly Stretch[]): Stretch[] {
  return stretches
    .map((stretch, n) => {
      const isFirst = n === 0 && stretch.at === undefined
      const isLast = n === stretches.length - 1 && stretch.at === undefined
      const start = isFirst ? stretch.text.replace(/^[\r\n]+/, '') : stretch.text
      return { ...stretch, text: isLast ? start.replace(/\s+$/, '') : start }
    })
    .filter(({ text }) => text !== '')
}

/** A part of a text, and the label that it bears, if any. */
export interface Marked {
  text: string
  label?: Label
}

/** Cuts a text at the parts that labels are about; of those that overlap the first one stands. */
export function marked(text: string, labels: readonly Label[]): Marked[] {
  const bytes = new TextEncoder().encode(text)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true }) // it would leave out the mark
  const decode = (from: number, to: number) => decoder.decode(bytes.subarray(from, to))
  const parts: Marked[] = []
  let done = 0
  for (const label of [...labels].sort((a, b) => (a.start ?? 0) - (b.start ?? 0))) {
    const { start = 0, end = 0 } = label
    if (start < done || end <= start || end > bytes.length) continue
    if (start > done) parts.push({ text: decode(done, start) })
    parts.push({ text: decode(start, end), label })
    done = end
  }
  if (done < bytes.length) parts.push({ text: decode(done, bytes.length) })
  return parts
}
