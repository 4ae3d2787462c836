import type { Feature } from '../types.js'

const PER_PAGE = 10
const STACK = 2_000
const MESSAGE = 500

/** What a page's scripts throw: each once, ten a page. */
export const errors: Feature = ({ on, onPage, track }) => {
  let seen = new Set<string>()
  onPage(() => {
    seen = new Set()
  })
  const tell = (type: string, error: any, message: string, where?: ErrorEvent) => {
    const file = where?.filename
    const line = where?.lineno
    const same = [message, file, line].join()
    if (seen.has(same) || seen.size >= PER_PAGE) return
    seen.add(same)
    const stack = error?.stack?.slice?.(0, STACK)
    track('error_occurred', { type, message: message.slice(0, MESSAGE), file, line, column: where?.colno, stack })
  }
  on('error', (event: ErrorEvent) => {
    if (event.message) tell('error', event.error, event.message, event)
  })
  on('unhandledrejection', ({ reason }: PromiseRejectionEvent) => {
    const message = reason?.message ?? reason
    tell('unhandledrejection', reason, typeof message === 'object' ? JSON.stringify(message) : String(message))
  })
}
