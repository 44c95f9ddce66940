import { createMessages, type Messages } from '#server/platform/messages.ts'
import { createRenderer, type Renderer } from '#server/web/render.ts'

export const viewsDir = new URL('../../views', import.meta.url).pathname

let views: { messages: Messages; renderer: Renderer } | undefined

/** The messages (strict) and templates of the whole program, compiled once a process: that costs more than all else that an instance is made of. */
export function viewsOfTests(): { messages: Messages; renderer: Renderer } {
  if (!views) {
    const messages = createMessages({ dir: `${viewsDir}/messages`, defaultLanguage: 'en', isStrict: true })
    views = { messages, renderer: createRenderer({ viewsDir, messages, isDev: false, secret: 'secret-of-tests' }) }
  }
  return views
}
