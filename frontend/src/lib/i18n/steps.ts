import type { Steps } from '../api/types'
import type { Missing } from '../state/steps'
import type { ErrorText, Messages } from './en'

/** What is done beyond reading, in a few words each; nameOf writes languages. */
export function inWords(
  { no_reading, translate, label }: Steps,
  t: Messages['steps'],
  nameOf: (language: string) => string,
): string[] {
  return [
    translate && t.into(nameOf(translate.to)),
    label && (no_reading ? t.labelsOnly : t.labels),
  ].filter((words) => typeof words === 'string')
}

/** What of the steps cannot be done, and what to do about it. */
export function missingInWords(
  { pack, to }: Missing,
  t: Messages['steps'],
  nameOf: (language: string) => string,
): ErrorText {
  if (pack !== undefined) return { what: t.packGone(pack), hint: t.packGoneHint }
  const what = to === undefined ? t.noLabellers : t.noTranslator(nameOf(to))
  return { what, hint: t.howToGet }
}
