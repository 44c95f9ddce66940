import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import BetterSqlite3 from 'better-sqlite3'
import { dialectOfProcess } from '#db/dialect.ts'
import { becomeOwner } from '#test/flows/become-owner.ts'
import { placeFor } from '#test/flows/processes.ts'
import { openScratch } from '#test/helpers/scratch.ts'

const sizeMegabytes = 16
const postsMax = 400
const piece = Buffer.alloc(64 * 1_024)

/** A file system of 16 MB that ends with the test; undefined where this process may not mount one. */
function smallDisk(t: TestContext): string | undefined {
  const dir = mkdtempSync(join(openScratch(), 'skerry-small-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m`, 'tmpfs', dir]).status === 0
  t.after(() => {
    if (mounted) spawnSync('umount', ['-l', dir])
    rmSync(dir, { recursive: true, force: true })
  })
  return mounted ? dir : undefined
}

/** Writes until there is no room left. */
function fill(file: string): void {
  const to = openSync(file, 'a')
  try {
    for (const bytes of [piece, Buffer.alloc(512)]) {
      for (;;) {
        try {
          writeSync(to, bytes)
        } catch (error) {
          assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC')
          break
        }
      }
    }
  } finally {
    closeSync(to)
  }
}

test('a full disk: posts are refused as what passes, pages are answered, nothing that was taken is lost, and room makes it well', async (t) => {
  if (dialectOfProcess() === 'postgres') return t.skip('on SQLite only')
  const disk = smallDisk(t)
  if (disk === undefined) return t.skip('this process may not mount a file system')
  const dataDir = join(disk, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const server = await placeFor(t, 'red', { DATA_DIR: dataDir, SECRETS_DIR: join(disk, 'secrets') })
  await server.start()
  const olga = await becomeOwner(server, 'olga')
  const publish = async (text: string) => (await olga.submit('/posts', { text, visibility: 'public' })).status
  assert.equal(await publish('Room enough.'), 303)

  const ballast = join(disk, 'ballast')
  fill(ballast)
  const taken: string[] = ['Room enough.']
  let refused = 0
  for (let count = 0; count < postsMax && refused < 5; count++) {
    const text = `${count} ${'with many words '.repeat(200)}`.trim()
    const status = await publish(text)
    if (status === 303) taken.push(text)
    else {
      assert.equal(status, 503)
      refused++
    }
  }
  assert.equal(refused, 5, 'the disk was full')
  assert.match(await olga.page('/about'), /red/)
  assert.equal((await olga.get('/home')).status, 200)
  assert.equal((await server.visitor().get('/livez')).status, 200)

  rmSync(ballast)
  assert.equal(await publish('Room again.'), 303)
  taken.push('Room again.')
  await server.end('SIGKILL')
  await server.start()
  assert.equal(await publish('And after a kill.'), 303)
  taken.push('And after a kill.')
  assert.equal((await server.end('SIGTERM')).code, 0, server.output())
  const database = new BetterSqlite3(join(dataDir, 'skerry.sqlite'), { readonly: true })
  const rows = database
    .prepare('select source from posts where source is not null order by id')
    .all()
    .map((row) => (row as { source: string }).source)
  assert.deepEqual(rows, taken)
  assert.equal(database.pragma('integrity_check', { simple: true }), 'ok')
  database.close()
})
