import { createHash, type KeyObject, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import createFastify from 'fastify'
import { ask } from '#test/bench/client.ts'
import type { Signed } from '#test/bench/inbox.ts'
import { openScratch } from '#test/helpers/scratch.ts'

/** What no inbox can do without: JSON.parse, SHA-256, and RSA verify with a key that is kept. */
export async function crypto({ headers, body }: Signed, key: KeyObject): Promise<void> {
  JSON.parse(body.toString())
  if (`SHA-256=${createHash('sha256').update(body).digest('base64')}` !== headers.digest) throw new Error('digest')
  const text = ['(request-target): post /inbox', `host: ${headers.host}`, `date: ${headers.date}`, `digest: ${headers.digest}`].join('\n')
  const signature = Buffer.from(/signature="([^"]+)"/.exec(headers.signature ?? headers.Signature ?? '')?.[1] ?? '', 'base64')
  if (!verify('sha256', Buffer.from(text), key, signature)) throw new Error('signature')
}

/**
 * The test client that all requests here come by, alone: it makes a request and takes the barest answer. It stands in for a network and is no part of any server, so that
 * what it takes is taken out on both sides of a ratio.
 */
export async function clientAlone(signed: Signed): Promise<void> {
  await ask(answerAtOnce, signed)
}

function answerAtOnce(_request: IncomingMessage, response: ServerResponse): void {
  response.statusCode = 202
  response.end('')
}

/** A request that is given to a Fastify which does nothing, by the same test client: what the way in takes by itself. */
export async function bareDoor(): Promise<(signed: Signed) => Promise<void>> {
  const app = createFastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/inbox', async (_request, reply) => {
    reply.code(202)
    return ''
  })
  await app.ready()
  return async (signed) => {
    await ask(app.routing, signed)
  }
}

/** One row of 200 characters in a commit of its own that is on the disk: what a durable answer takes by itself. */
export function bareCommit(): { run(): Promise<void>; close(): void } {
  const dir = mkdtempSync(join(openScratch(), 'skerry-floor-'))
  const database = new BetterSqlite3(join(dir, 'floor.sqlite'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('create table rows (id integer primary key, text text not null)')
  const insert = database.prepare('insert into rows (text) values (?)')
  const write = database.transaction(() => insert.run('x'.repeat(200)))
  return {
    run: async () => void write.immediate(),
    close() {
      database.close()
      rmSync(dir, { recursive: true, force: true })
    }
  }
}
