// Not run: compiled against what the package exports.
import { load, type Weir } from '@weir/browser'
import { load as loadCore } from '@weir/browser/core'

interface Dish {
  dish: string
  price: number
}

type Menu = {
  'Dish Ordered': Dish
  'Menu Opened': undefined
  'Table Named': { table?: number } | undefined
}

const typed: Weir<Menu> = load<Menu>('wk_key', { host: 'https://events.example.com', persist: 'session', clicks: true })
typed.track('Dish Ordered', { dish: 'pizza', price: 9.5 })
typed.track('Menu Opened')
typed.track('Table Named')
typed.track('Table Named', { table: 7 })
typed.identify('u1', { plan: 'pro' })
typed.identify(null)
typed.identify({ plan: 'pro' })
typed.page()
typed.page('Menu', { table: 7 })
typed.page({ table: 7 })
typed.consent('granted')
typed.push(['track', 'anything'])

// @ts-expect-error no such event
typed.track('Dish Order')
// @ts-expect-error a property is missing
typed.track('Dish Ordered', { dish: 'pizza' })
// @ts-expect-error the properties are missing
typed.track('Dish Ordered')
// @ts-expect-error a price is a number
typed.track('Dish Ordered', { dish: 'pizza', price: '9.5' })
// @ts-expect-error no such state
typed.consent('maybe')
// @ts-expect-error a host is needed
load('wk_key', {})
// @ts-expect-error no such option
load('wk_key', { host: 'https://events.example.com', sessions: 3 })
// @ts-expect-error the core has no clicks
loadCore('wk_key', { host: 'https://events.example.com', clicks: true })

const open = load('wk_key', { host: 'https://events.example.com' })
open.track('Anything', { at: 'all' })
open.track('Anything')
