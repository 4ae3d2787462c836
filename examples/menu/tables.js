// Makes a link and its QR code for each table, with the campaign by which orders and views are told apart later.
'use strict'

const form = document.querySelector('form')
const codes = document.getElementById('codes')
const hint = document.getElementById('hint')

/** What the code of a table opens. */
function link(address, restaurant, version, table) {
  const url = new URL(`${restaurant}/${version}.html`, address)
  url.search = new URLSearchParams({ table, utm_source: 'qr', utm_medium: 'table', utm_content: `table-${table}` })
  return url.href
}

function code(title, href) {
  const qr = qrcode(0, 'M')
  qr.addData(href)
  qr.make()
  const item = document.createElement('li')
  item.innerHTML = qr.createSvgTag({ cellSize: 4, margin: 4, scalable: true })
  item.firstChild.setAttribute('aria-label', `QR code of ${title}`)
  item.firstChild.setAttribute('role', 'img')
  const anchor = document.createElement('a')
  anchor.href = href
  anchor.textContent = title
  item.append(anchor)
  return item
}

function draw() {
  if (!form.checkValidity()) return
  const { address, restaurant, tables, version } = Object.fromEntries(new FormData(form))
  const name = form.restaurant.selectedOptions[0].textContent
  const made = []
  for (let table = 1; table <= Number(tables); table++) {
    const which = version === 'ab' ? 'ba'[table % 2] : version
    made.push(code(`${name}, table ${table}`, link(address, restaurant, which, table)))
  }
  codes.replaceChildren(...made)
  const { protocol, hostname } = new URL(address)
  const away = protocol.startsWith('http') && !/^(localhost|127\.|\[::1\])/.test(hostname)
  hint.textContent = away ? '' : 'Phones cannot open this address: type the one under which they see these pages.'
}

form.address.value = new URL('.', location.href).href
form.addEventListener('input', draw)
form.addEventListener('submit', (event) => event.preventDefault())
draw()
