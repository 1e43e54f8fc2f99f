import type { Code, Failure } from '../api/types'
import type { ErrorText } from './en'

/** What happened, what to do about it, and what Go says of it in English where we cannot. */
export interface Explanation extends ErrorText {
  detail: string // empty when there is nothing more to say
}

// What Go says when it knows no more than the code does (backend/inkpool/error.go, job/run.go).
const general = new Set([
  'cancelled',
  'stopped before it was finished',
  'stopped before it was started',
  'took too long and was stopped',
  'this page took too long and was stopped',
])

/**
 * Explains a failure. Go writes its messages in English and for people, so an English reader
 * gets them in place of our sentence for the code; others get our sentence, and below it
 * Go's. Where Go says nothing more than the code does, our sentence stands alone.
 */
export function explain(
  failure: Failure,
  known: Record<Code, ErrorText>,
  isEnglish: boolean,
): Explanation {
  const ours = (known as Partial<Record<string, ErrorText>>)[failure.code]
  if (ours && !saysMore(failure)) return { ...ours, detail: '' }
  const what = sentence(failure.message)
  const hint = forAWindow(failure.hint ?? '')
  if (ours && !isEnglish) return { ...ours, detail: hint ? `${what} ${hint}` : what }
  return { what, hint: hint ?? ours?.hint ?? '', detail: '' }
}

// What nobody gave a code is 'internal', and its message may be that of a JavaScript error.
function saysMore({ code, message }: Failure): boolean {
  return code !== 'internal' && message !== '' && !general.has(message)
}

// A window has no flags, and nobody there types a command: such advice is left out, where it is
// one of several, and else there is none.
function forAWindow(hint: string): string | undefined {
  const rest = hint.replace(/,? or (?:(?! or ).)*(?: --\w|`).*$/, '.')
  return / --\w|`/.test(rest) ? undefined : rest
}

// Go writes messages as parts of a sentence: lower case, no full stop.
function sentence(message: string): string {
  const whole = /[.!?。]$/.test(message) ? message : `${message}.`
  return whole.charAt(0).toUpperCase() + whole.slice(1)
}
