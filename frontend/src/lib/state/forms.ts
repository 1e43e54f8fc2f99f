import type { Layout, Page } from '../api/types'

/**
 * How the text of a page is shown: line by line beside its picture, as its layout has it, in
 * another language, or in both, sentence by sentence.
 */
export type Form = 'lines' | 'text' | 'translation' | 'both'

/** The forms that a page can be shown in. */
export function formsOf(page: Page): Form[] {
  const read: Form[] = page.kind === 'text' ? ['text'] : ['lines', 'text']
  return isTranslated(page) ? [...read, 'translation', 'both'] : read
}

/** The form that a page is shown in: the chosen one where it fits, else what was asked for. */
export function formOf(page: Page, chosen: Form | undefined, layout: Layout | undefined): Form {
  const forms = formsOf(page)
  if (chosen && forms.includes(chosen)) return chosen
  if (isTranslated(page)) return 'both'
  // A layout other than the usual was chosen for the sake of the text.
  const isForItsText = page.kind === 'text' || (layout !== undefined && layout !== 'lines')
  return isForItsText ? 'text' : 'lines'
}

function isTranslated({ translation }: Page): boolean {
  return translation !== undefined && translation.text !== ''
}

/** The text that a form shows. */
export function textOf(page: Page, form: Form): string {
  const translated = page.translation?.text ?? ''
  switch (form) {
    case 'lines':
    case 'text':
      return page.text
    case 'translation':
      return translated
    case 'both':
      return [page.text, translated].filter((text) => text !== '').join('\n\n')
  }
}
