import Pause from '@lucide/svelte/icons/pause'
import Play from '@lucide/svelte/icons/play'
import ScanText from '@lucide/svelte/icons/scan-text'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import Square from '@lucide/svelte/icons/square'
import Languages from '@lucide/svelte/icons/languages'
import Tags from '@lucide/svelte/icons/tags'
import Trash from '@lucide/svelte/icons/trash-2'
import type { JobChoice } from '../state/choices'
import type { MenuItem } from './Menu.svelte'

/** The icons of what a person can do. */
export const choiceIcons = {
  pause: Pause,
  resume: Play,
  stop: Square,
  retry: RotateCcw,
  retryStopped: RotateCcw,
  translate: Languages,
  label: Tags,
  again: ScanText,
  remove: Trash,
}

/** Choices as entries of a menu, in the given words. */
export function itemsOf<C extends JobChoice>(
  choices: readonly C[],
  words: Record<C, string>,
  onchoose: (choice: C) => void,
): MenuItem[] {
  return choices.map((choice) => ({
    id: `choice-${choice}`,
    label: words[choice],
    icon: choiceIcons[choice],
    isDangerous: choice === 'remove',
    act: () => onchoose(choice),
  }))
}
