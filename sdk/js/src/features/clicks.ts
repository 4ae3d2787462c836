import type { Feature } from '../types.js'
import { itemOf, propertiesOf } from './marks.js'

const FILES = /\.(7z|apk|avi|csv|dmg|docx?|epub|exe|gz|iso|jar|mov|mp[34]|msi|od[st]|pdf|pkg|pptx?|rar|rpm|deb|tgz|txt|wav|xlsx?|zip)$/i
const CLICKABLE = 'a[href],button,[role=button],[type=submit],[type=button],summary'
const TEXT = 100

/** Clicks on marked elements and, if wanted, on all buttons and links; links to other hosts and to files. */
export const clicks: Feature = ({ options, on, track }) => {
  const clicked = (event: MouseEvent) => {
    if (event.button > 1) return
    // also out of the shadow trees that it was made in
    const near = (selector: string): any => event.composedPath().find((target: any) => target.matches?.(selector))
    const marked = near('[data-weir-event]')
    if (marked) track(marked.getAttribute('data-weir-event')!, { ...itemOf(marked), ...propertiesOf(marked) })
    const link = near('a[href]')
    if (link && /^http/.test(link.protocol)) {
      const { href, host, pathname } = link
      const file = FILES.exec(pathname)
      if (options.downloads !== false && (file || link.hasAttribute('download'))) {
        track('file_downloaded', { url: href, file: pathname.split('/').pop(), extension: file?.[1]!.toLowerCase() })
      } else if (options.links !== false && host !== location.host) track('link_clicked', { url: href, host, outbound: true })
    }
    const element = near(CLICKABLE)
    if (options.clicks && element && !marked) {
      track('element_clicked', {
        tag: element.tagName.toLowerCase(),
        id: element.id || undefined,
        text: element.innerText?.trim().slice(0, TEXT) || undefined,
        url: element.href,
        ...itemOf(element),
      })
    }
  }
  on('click', clicked)
  on('auxclick', clicked)
}
