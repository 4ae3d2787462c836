import type { Feature } from '../types.js'
import { clicks } from './clicks.js'
import { errors } from './errors.js'
import { forms } from './forms.js'
import { items } from './items.js'
import { scroll } from './scroll.js'
import { vitals } from './vitals.js'

export const features: Feature[] = [clicks, forms, errors, scroll, items, vitals]
