import type { Pack } from '../api/types'

/** What packs are for. */
export type PackKind = 'read' | 'translate' | 'label'

/** The kinds, in the order in which they are done. */
export const packKinds: readonly PackKind[] = ['read', 'translate', 'label']

/** What a pack is for; undefined where it is damaged, so that nobody knows. */
export function kindOf({ task }: Pack): PackKind | undefined {
  switch (task) {
    case '':
      return undefined
    case 'ocr':
      return 'read'
    case 'translation':
      return 'translate'
    default:
      return 'label'
  }
}
