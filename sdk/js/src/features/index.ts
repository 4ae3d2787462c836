import type { Features } from '../types.js'
import { clicks } from './clicks.js'
import { errors } from './errors.js'
import { forms } from './forms.js'
import { items } from './items.js'
import { scroll } from './scroll.js'
import { vitals } from './vitals.js'

/** Each by the option that switches it off; clicks have several of their own. */
export const features: Features = { marked: clicks, forms, errors, scroll, items, vitals }
