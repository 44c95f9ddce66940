import formbody from '@fastify/formbody'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '#server/errors.ts'
import { emptyForm, Form } from '#server/web/form.ts'
import { createUploadTurns } from '#server/web/upload-turns.ts'

const KiB = 1024
const MiB = 1024 * KiB
/** What all texts of a form may weigh together, as it is sent. */
export const formBytesMax = MiB
const fieldBytesMax = 512 * KiB
const fieldsMax = 200
const fieldNameBytesMax = 100

/** Gives every request a form, empty until a web route has read one. */
export function carryForms(app: FastifyInstance): void {
  app.decorateRequest('form', {
    getter(this: FastifyRequest) {
      return this.body instanceof Form ? this.body : emptyForm
    }
  })
}

/**
 * Reads forms of both kinds into `request.form`. Files stay in memory, each within the limit of the configuration and only
 * where the route takes any, so that an upload that breaks off leaves nothing behind. Those of somebody signed out are not even held: the texts beside them are given back.
 */
export async function parseForms(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(formbody, { bodyLimit: formBytesMax, parser: parseUrlencoded as never })
  await app.register(multipart)
  const takeTurn = createUploadTurns()
  app.addHook('preValidation', async (request, reply) => {
    if (!request.isMultipart()) return
    if ((request.routeOptions.config.filesMax ?? 0) > 0) takeTurn(request, reply)
    request.body = await parseMultipart(request).catch(refuseMalformed)
  })
}

/** The parser says with a bare Error that a body is cut short or no multipart at all. */
function refuseMalformed(error: unknown): never {
  const isMeant = error instanceof Refusal || (error as { statusCode?: number }).statusCode !== undefined
  throw isMeant ? error : Object.assign(new Refusal('malformed', 'errors.malformed'), { cause: error })
}

function parseUrlencoded(text: string): Form {
  const form = new Form()
  let count = 0
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > fieldsMax) throw new Refusal('too-large', 'errors.formTooLarge')
    if (name.length <= fieldNameBytesMax) form.add(name, value)
  }
  return form
}

async function parseMultipart(request: FastifyRequest): Promise<Form> {
  const { imageBytesMax } = request.server.ctx.config.limits
  const filesMax = request.routeOptions.config.filesMax ?? 0
  const lengthBytes = Number(request.headers['content-length'])
  if (!Number.isSafeInteger(lengthBytes)) throw new Refusal('malformed', 'errors.malformed')
  // One file above its limit is told beside its field; only what no honest form can weigh is refused unread.
  if (lengthBytes > formBytesMax + 2 * filesMax * imageBytesMax) throw new Refusal('too-large', 'errors.formTooLarge')
  const limits = {
    fieldNameSize: fieldNameBytesMax,
    fieldSize: fieldBytesMax,
    fields: fieldsMax,
    fileSize: imageBytesMax,
    // Some more than the route takes are read and let go, so that what was typed beside them is shown again.
    files: filesMax === 0 ? 0 : fieldsMax,
    parts: 2 * fieldsMax,
    headerPairs: 20
  }
  const form = new Form()
  const isOfStranger = request.who === undefined && request.routeOptions.config.access === 'signed-in'
  let filesCount = 0
  for await (const part of request.parts({ limits, throwFileSizeLimit: false } as never)) {
    if (part.type === 'file' && isOfStranger) {
      if (part.filename) form.loseFile()
      part.file.resume()
    } else if (part.type === 'file') {
      const bytes = await part.toBuffer()
      const limit = Math.floor(imageBytesMax / MiB)
      if (part.file.truncated) form.refuseFile(part.fieldname, new Refusal('too-large', 'form.fileTooLarge', { limit }, part.fieldname))
      else if (bytes.length > 0 && ++filesCount > filesMax)
        form.refuseFile(part.fieldname, new Refusal('too-large', 'form.tooManyFiles', { limit: filesMax }, part.fieldname))
      else if (bytes.length > 0) form.addFile(part.fieldname, { filename: part.filename ?? '', mime: part.mimetype, bytes })
    } else if (typeof part.value !== 'string') throw new Refusal('malformed', 'errors.malformed')
    else if (part.valueTruncated) throw new Refusal('too-large', 'errors.formTooLarge')
    else form.add(part.fieldname, part.value)
  }
  return form
}
