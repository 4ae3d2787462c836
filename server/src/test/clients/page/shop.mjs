// A shop's events of the last days, with numbers that are known: every fourth visitor who looks puts
// something into the cart, every eighth buys.

const DAY = 86_400_000
const VISITORS = 40
const DAYS = 5

/** The events as a batch; the same moment makes the same events. */
export function shopEvents(now) {
  const events = []
  const track = (visitor, at, event, properties = {}) =>
    events.push({
      type: 'track',
      messageId: `${visitor}-${event}-${at - now}`,
      userId: `visitor-${String(visitor).padStart(2, '0')}`,
      timestamp: new Date(at).toISOString(),
      event,
      properties: { color: ['red', 'green', 'blue'][visitor % 3], ...properties },
    })
  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const since = visitor % DAYS
    const first = now - since * DAY - 3_600_000 - visitor * 60_000
    track(visitor, first, 'Catalog Viewed')
    if (visitor % 2 === 0) track(visitor, first + 60_000, 'Product Viewed', { price: 10 + visitor })
    if (visitor % 4 === 0) track(visitor, first + 180_000, 'Cart Viewed')
    if (visitor % 8 === 0) track(visitor, first + 480_000, 'Order Completed', { price: 10 + visitor })
    for (let later = 1; later <= since; later++) {
      if (visitor % (later + 1) === 0) track(visitor, first + later * DAY, 'Catalog Viewed')
    }
  }
  return events
}
