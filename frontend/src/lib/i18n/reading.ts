import type { Reading } from '../api/types'
import { tidied } from '../state/reading'
import type { Messages } from './en'

/** What differs from the usual in how pages are read, in a few words each; percent writes shares. */
export function inWords(
  reading: Reading,
  t: Messages['reading'],
  percent: (share: number) => string,
): string[] {
  const { pack, layout, source, ignore, upright, ...numbers } = tidied(reading)
  const { detect_side: side, box_score: box, text_score: text } = numbers
  return [
    layout && t.layouts[layout].name,
    source && t.sources[source].short,
    upright && t.upright,
    ignore && t.ignored(ignore.length),
    side && t.sides.short(side),
    box && t.scores.box_score.short(percent(box)),
    text && t.scores.text_score.short(percent(text)),
    pack && t.pack(pack),
  ].filter((words) => typeof words === 'string')
}
