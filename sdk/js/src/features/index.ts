import type { Feature } from '../types.ts'
import { clicks } from './clicks.ts'
import { errors } from './errors.ts'
import { forms } from './forms.ts'
import { items } from './items.ts'
import { scroll } from './scroll.ts'
import { vitals } from './vitals.ts'

export const features: Feature[] = [clicks, forms, errors, scroll, items, vitals]
