import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import sharp from 'sharp'
import { createApp } from '#server/app.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import { makeBackup } from '#server/backup/make-backup.ts'
import { restoreBackup } from '#server/backup/restore-backup.ts'
import { verifyBackup } from '#server/backup/verify-backup.ts'
import { addEmoji } from '#server/emoji/add-emoji.ts'
import { pngOf } from '#test/emoji/emoji-here.ts'
import { makePlace, openGround } from '#test/helpers/ground.ts'
import { guestOf } from '#test/helpers/people.ts'
import { viewsOfTests } from '#test/helpers/views.ts'
import { gifOf } from '#test/media/pictures.ts'

const operator = { kind: 'operator' } as const
const clock = { now: () => Date.now() }

test('emoji come back from a backup with their pictures, those that move with their still ones', async (t) => {
  const { dir, config } = await makePlace(t)
  const ctx = await openGround(t, config)
  await ensureInstanceActor(ctx)
  const words = { category: 'Sea', alt: 'A grey seal', isHidden: false, copiedFrom: null }
  const seal = await addEmoji(ctx, operator, { ...words, shortcode: 'seal', bytes: await pngOf(64, 48) })
  const blink = await addEmoji(ctx, operator, { ...words, alt: '', shortcode: 'blink', bytes: gifOf(40, 40, 3) })
  const backupDir = join(dir, 'backup')
  assert.equal((await makeBackup(ctx, operator, { dir: backupDir })).newPictures, 3)
  await verifyBackup({ config, clock }, operator, { dir: backupDir })

  const there = await makePlace(t)
  await restoreBackup({ config: there.config, clock }, operator, { dir: backupDir, isForced: false })
  const again = await openGround(t, there.config)
  const app = await createApp(again, viewsOfTests().renderer)
  t.after(() => app.close())
  const guest = guestOf(app, there.config)
  const html = await guest.page('/emoji')
  assert.match(html, new RegExp(`<img class="emoji" src="/media/${seal.mediaKey}" alt="A grey seal"`))
  assert.match(html, new RegExp(`src="/media/${blink.mediaKey}/preview"`))
  const sizeOf = async (path: string) => {
    const { rawPayload, statusCode } = await guest.get(path)
    assert.equal(statusCode, 200, path)
    const { width, pageHeight, height, pages } = await sharp(rawPayload).metadata()
    return [width, pageHeight ?? height, pages]
  }
  assert.deepEqual(await sizeOf(`/media/${seal.mediaKey}`), [64, 48, undefined])
  assert.deepEqual(await sizeOf(`/media/${blink.mediaKey}`), [40, 40, 3])
  assert.deepEqual(await sizeOf(`/media/${blink.mediaKey}/preview`), [40, 40, undefined])
})
