// Sends one call of each kind through the real SDK: node segment.mjs HOST WRITE_KEY
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 5, maxRetries: 0 })
let failures = 0
analytics.on('error', (error) => {
  failures++
  console.error(error)
})

const context = {
  app: { name: 'shop', version: '2.1.0', build: '77' },
  campaign: { name: 'spring', source: 'newsletter', medium: 'email', term: 'shoes', content: 'top' },
  device: { type: 'ios', model: 'iPhone17,1', manufacturer: 'Apple' },
  ip: '203.0.113.7',
  locale: 'de-DE',
  os: { name: 'iOS', version: '20.1' },
  page: { url: 'https://shop.example/p/1?x=1', path: '/p/1', title: 'Shoe', referrer: 'https://search.example/q' },
  screen: { width: 390, height: 844 },
  timezone: 'Europe/Berlin',
}
const who = { userId: 'u-node', anonymousId: 'a-node' }
const timestamp = new Date('2026-01-02T03:04:05.678Z')

analytics.track({
  ...who,
  messageId: 'node-track',
  event: 'Order Completed',
  timestamp,
  context,
  properties: { revenue: 25.5, currency: 'EUR', coupon: 'SPRING', gift: true, products: [{ sku: 's1', price: 9.5 }, { sku: 's2' }] },
  integrations: { All: true },
})
analytics.identify({ ...who, messageId: 'node-identify', traits: { email: 'ada@example.org', plan: 'pro', age: 36 } })
analytics.page({ ...who, messageId: 'node-page', name: 'Home', category: 'Landing', properties: { url: 'https://shop.example/', path: '/', title: 'Home' } })
analytics.screen({ ...who, messageId: 'node-screen', name: 'Cart', properties: { items: 3 } })
analytics.group({ ...who, messageId: 'node-group', groupId: 'g-1', traits: { company: 'Example' } })
analytics.alias({ userId: 'u-node', previousId: 'a-node', messageId: 'node-alias' })
await analytics.closeAndFlush({ timeout: 10000 })
process.exit(failures === 0 ? 0 : 1)
