import { crc32, deflateSync } from 'node:zlib'
import { accounts } from '#db/schema/accounts.ts'
import type { Account } from '#server/accounts/who.ts'
import type { Instance } from '#test/helpers/instance.ts'
import type { Fields, Guest } from '#test/helpers/people.ts'

/** Publishes a post through the composer, with the step that describes its pictures; gives its id. */
export async function write(person: Guest, fields: Fields): Promise<number> {
  let response = await person.submit('/posts', fields)
  const step = String(response.headers.location)
  if (step.endsWith('/images')) {
    const fieldsOfStep = [...(await person.page(step)).matchAll(/name="(alt-\d+)"/g)].map(([, name]) => name!)
    response = await person.submit(step, Object.fromEntries(fieldsOfStep.map((name) => [name, 'A boat at the pier'])))
  }
  const id = /#post-(\d+)$/.exec(String(response.headers.location))?.[1]
  if (id === undefined) throw new Error(`Writing answered ${response.statusCode}: ${response.body.slice(0, 500)}`)
  return Number(id)
}

/** An upload: a PNG of one colour. */
export function pictureOf(filename: string, { width = 80, height = 60, colour = [70, 110, 150] } = {}) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))])
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const bytes = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk('IEND', Buffer.alloc(0))
  ])
  return { filename, type: 'image/png', bytes }
}

/** Somebody of another server, as if an activity had brought them here. */
export async function addRemoteAccount(instance: Instance, name: string, domain: string, fields: Partial<Account> = {}): Promise<Account> {
  return instance.ctx.transact(async (tx) => {
    const uri = `https://${domain}/users/${name}`
    const [row] = await tx
      .insert(accounts)
      .values({
        id: tx.newId(),
        name,
        nameKey: name.toLowerCase(),
        domain,
        uri,
        url: `https://${domain}/@${name}`,
        inboxUrl: `${uri}/inbox`,
        createdAt: tx.now,
        fetchedAt: tx.now,
        ...fields
      })
      .returning()
    return row!
  })
}

/** Handles of the people on a page, in their order; what stands around the page's own part does not count. */
export function handlesOf(html: string): string[] {
  return [...html.slice(html.indexOf('<main')).matchAll(/class="handle">([^<]+)</g)].map(([, handle]) => handle!)
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
