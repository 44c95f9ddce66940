import type { FastifyReply, FastifyRequest } from 'fastify'
import { page } from '#server/web/page.ts'

/** What the question says, in finished words. */
export interface DropAsked {
  heading: string
  consequences: string[]
  label: string
  /** POST that drops once the answer is yes. */
  path: string
  cancelPath: string
}

/** Asks once more before something is dropped that nothing brings back; undefined when the answer, `isConfirmed`, is there already. */
export function askToDrop(request: FastifyRequest, reply: FastifyReply, asked: DropAsked): Promise<FastifyReply> | undefined {
  if (request.form.has('isConfirmed')) return undefined
  const hidden = [{ name: 'isConfirmed', value: 'yes' }]
  const view = { ...asked, isDangerous: true, hidden, quoted: undefined, post: undefined, account: undefined }
  return page(reply, 'confirm', view, { title: asked.heading })
}
