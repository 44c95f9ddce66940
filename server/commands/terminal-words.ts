import { join } from 'node:path'
import { createMessages, type Translate } from '#server/platform/messages.ts'

/** The words of whoever sits at a terminal: English and UTC, before any instance is open whose language it could be. */
export function terminalWords(): Translate {
  const messages = createMessages({ dir: join(import.meta.dirname, '../../views/messages'), defaultLanguage: 'en', isStrict: false })
  return messages.translator('en', { timeZone: 'UTC' })
}
