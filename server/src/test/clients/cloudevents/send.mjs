// Sends through the CloudEvents SDK: node send.mjs URL WRITE_KEY
import { createServer, request as send } from 'node:http'
import sdk from 'cloudevents'

const { CloudEvent, HTTP, emitterFor, httpTransport, Mode } = sdk
const [url, writeKey] = process.argv.slice(2)
const failures = []

/** The SDK's messages are sent by whatever the program has: here in pieces, without a length. */
function chunked(message) {
  const headers = { ...message.headers, Authorization: `Bearer ${writeKey}`, 'Transfer-Encoding': 'chunked' }
  return new Promise((resolve, reject) => {
    const request = send(url, { method: 'POST', headers }, (response) => {
      response.resume()
      if (response.statusCode !== 200) failures.push(response.statusCode)
      response.on('end', resolve)
    })
    request.on('error', reject)
    const body = Buffer.from(message.body ?? '')
    request.write(body.subarray(0, body.length / 2))
    request.end(body.subarray(body.length / 2))
  })
}

const cooked = (id, more) =>
  new CloudEvent({
    id,
    source: '/kitchen/1',
    type: 'dish.cooked',
    subject: 'soup',
    time: '2026-01-02T03:04:05.678Z',
    dataschema: 'https://shop.example/dish.json',
    traceparent: '00-1-1-00',
    data: { dish: 'Früh & spät', minutes: 7.5, spicy: true, tags: ['a', 'b'] },
    ...more,
  })

const event = (id) => cooked(id, { userid: 'u-ce' })

await chunked(HTTP.binary(event('binary')))
await chunked(HTTP.structured(event('structured')))
await chunked(HTTP.binary(cooked('text', { datacontenttype: 'text/plain', data: 'done' })))
await chunked(HTTP.structured(cooked('base64', { datacontenttype: 'application/octet-stream', data: Uint8Array.from([1, 2, 255]) })))
const batch = [event('batch-1').toJSON(), event('batch-2').toJSON()]
await chunked({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify(batch) })

const emit = emitterFor(httpTransport(`${url}?write_key=${writeKey}`), { mode: Mode.BINARY })
await emit(event('emitter'))
if (failures.length > 0) console.error(failures)
process.exit(failures.length === 0 ? 0 : 1)
