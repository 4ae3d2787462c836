import type { Properties } from '../types.js'

/** Numbers as such: `3`, `9.5`; all else stays text. */
export const valueOf = (text: string | null | undefined): string | number | undefined => {
  if (text == null) return undefined
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? +text : text
}

/** The item that an element is or lies in, with its section and position. */
export const itemOf = (element: Element): Properties => {
  const near = (name: string) => element.closest(`[data-weir-${name}]`)?.getAttribute(`data-weir-${name}`)
  return { item: near('item') ?? undefined, section: near('section') ?? undefined, position: valueOf(near('position')) }
}
