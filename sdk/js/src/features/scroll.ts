import type { Feature } from '../types.js'

/** How far down a page was seen, in percent of it: told when it is left, and again only if it went deeper since. */
export const scroll: Feature = ({ on, onLeave, onPage, record }) => {
  let depth = 0
  let told = 0
  const look = () => {
    const height = document.documentElement.scrollHeight
    if (height) depth = Math.max(depth, Math.min(100, Math.round(((scrollY + innerHeight) / height) * 100)))
  }
  on('scroll', look)
  onPage(() => {
    depth = told = 0
  })
  onLeave(() => {
    if (!depth) look()
    if (depth > told) record('page_scrolled', { depth })
    told = depth
  })
}
