import type { Properties } from '../types.js'

const NAMED = 'data-weir-prop-'

/** Numbers as such: `3`, `9.5`; all else stays text. */
export const valueOf = (text: string | undefined): string | number | undefined => (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text!) ? +text! : text)

/** The item that an element is or lies in, also out of shadow trees, with its section and position. */
export const itemOf = (element: Element): Properties => {
  const near = (name: string, from: any): any => from && (from.closest(`[data-weir-${name}]`)?.getAttribute(`data-weir-${name}`) ?? near(name, from.getRootNode().host))
  return { item: near('item', element), section: near('section', element), position: valueOf(near('position', element)) }
}

/** What an element's `data-weir-prop-NAME` say. */
export const propertiesOf = (element: Element): Properties => {
  const properties: Properties = {}
  for (const { name, value } of element.attributes) if (name.startsWith(NAMED)) properties[name.slice(NAMED.length).replace(/-/g, '_')] = valueOf(value)
  return properties
}
