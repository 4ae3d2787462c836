import type { Feature, Properties } from '../types.js'

/** That a form was begun, once a page, and that it was submitted. Never what stands in it. */
export const forms: Feature = ({ on, onPage, track }) => {
  let begun = new WeakSet<Element>()
  const described = (form: HTMLFormElement): Properties => ({
    // a field may be called "id" or "action", and then form.id is that field
    form: form.getAttribute('id') || form.getAttribute('name') || undefined,
    action: form.getAttribute('action')?.split('?')[0],
    method: form.getAttribute('method')?.toLowerCase(),
  })
  onPage(() => {
    begun = new WeakSet()
  })
  on('input', ({ target }) => {
    const form = (target as HTMLInputElement).form ?? (target as Element).closest('form')
    if (!form || begun.has(form)) return
    begun.add(form)
    track('form_started', described(form))
  })
  on('submit', ({ target }) => track('form_submitted', described(target)))
}
