/** A task's name in two parts; folder is empty for a file that was dropped by itself. */
export interface FileName {
  folder: string
  base: string
}

/** Splits a name at its last '/'. */
export function splitName(name: string): FileName {
  const slash = name.lastIndexOf('/')
  return { folder: name.slice(0, Math.max(slash, 0)), base: name.slice(slash + 1) }
}
