// What a menu does in the hands of diners. The tracker sees views and orders by itself, by the marks in the page.
'use strict'

// the table that the code names goes along with everything that is sent
const table = Number(new URLSearchParams(location.search).get('table'))
if (Number.isInteger(table) && table > 0 && table < 1000) document.documentElement.setAttribute('data-weir-prop-table', table)
else document.documentElement.removeAttribute('data-weir-prop-table')

addEventListener('DOMContentLoaded', () => {
  const at = document.documentElement.getAttribute('data-weir-prop-table')
  if (at) document.getElementById('table').textContent = `, table ${at}`
  const ordered = document.getElementById('ordered')
  let dishes = 0
  let cents = 0
  document.querySelector('main').addEventListener('change', ({ target }) => {
    target.closest('.order').querySelector('button').setAttribute('data-weir-prop-quantity', target.value)
  })
  document.querySelector('main').addEventListener('click', ({ target }) => {
    const button = target.closest('button')
    if (!button) return
    const quantity = Number(button.getAttribute('data-weir-prop-quantity'))
    dishes += quantity
    cents += quantity * Math.round(100 * button.getAttribute('data-weir-prop-price'))
    ordered.textContent = `Ordered: ${dishes} ${dishes === 1 ? 'dish' : 'dishes'}, €${(cents / 100).toFixed(2)}`
    button.closest('.order').querySelector('select').value = '1'
    button.setAttribute('data-weir-prop-quantity', '1')
  })
})
