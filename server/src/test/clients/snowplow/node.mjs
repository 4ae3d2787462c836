// Sends events of each type through Snowplow's tracker for Node: node node.mjs COLLECTOR WRITE_KEY
import tracking from '@snowplow/node-tracker'

const [endpoint, appId] = process.argv.slice(2)
const failures = []
const emitter = { endpoint, bufferSize: 20, onRequestFailure: (failure) => failures.push(failure) }

function play(eventMethod, encodeBase64, user) {
  const tracker = tracking.newTracker({ namespace: 'shop', appId, encodeBase64 }, { ...emitter, eventMethod })
  tracker.setUserId(user)
  tracker.setDomainUserId(`d-${user}`)
  tracker.setSessionId('s-1')
  tracker.setSessionIndex(3)
  tracker.setIpAddress('203.0.113.7')
  tracker.setUseragent('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')
  tracker.setLang('de-DE')
  tracker.setTimezone('Europe/Berlin')
  tracker.setScreenResolution('1920', '1080')
  tracker.setViewport('1200', '900')
  tracker.setColorDepth('24')
  const context = [
    { schema: 'iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0', data: { id: 'view-1' } },
    { schema: 'iglu:com.snowplowanalytics.snowplow/geolocation_context/jsonschema/1-1-0', data: { latitude: 52.5, longitude: 13.25 } },
    { schema: 'iglu:com.acme/table/jsonschema/1-0-0', data: { number: 7, name: 'Früh & spät' } },
  ]
  const page = 'https://shop.example/p/1?utm_source=mail&utm_medium=email&utm_campaign=spring&x=%C3%BC'
  tracker.track(tracking.buildPageView({ pageUrl: page, pageTitle: 'Shoe', referrer: 'https://search.example/q' }), context)
  tracker.track(tracking.buildPagePing({ pageUrl: page, minXOffset: 0, maxXOffset: 10, minYOffset: 20, maxYOffset: 500 }))
  tracker.track(tracking.buildStructEvent({ category: 'menu', action: 'Dish Ordered', label: 'soup', property: 'table 4', value: 9.5 }))
  tracker.track(
    tracking.buildSelfDescribingEvent({
      event: { schema: 'iglu:com.acme/dishViewed/jsonschema/1-0-2', data: { dish: 'soup', seconds: 3.5, hot: true, tags: ['a', 'b'] } },
    }),
    context,
  )
  tracker.track(tracking.buildLinkClick({ targetUrl: 'https://other.example/', elementId: 'go' }))
  tracker.track(tracking.buildEcommerceTransaction({ orderId: 'o-1', total: 25.5, tax: 2, shipping: 3, city: 'Berlin', country: 'DE', currency: 'EUR' }))
  tracker.track(tracking.buildEcommerceTransactionItem({ orderId: 'o-1', sku: 'sku-1', name: 'Shoe', price: 10, quantity: 2, currency: 'EUR' }))
  return tracker.flush()
}

await play('post', true, 'u-post')
await play('post', false, 'u-plain')
await play('get', true, 'u-get')
if (failures.length > 0) console.error(failures)
process.exit(failures.length === 0 ? 0 : 1)
