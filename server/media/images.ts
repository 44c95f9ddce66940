import sharp from 'sharp'
import type { ServedType } from '#server/media/image-kinds.ts'
import { inspectImage } from '#server/media/inspect-image.ts'
import { makeAnimation } from '#server/media/make-animation.ts'
import { makeApngEmoji } from '#server/media/make-apng.ts'
import { makePicture } from '#server/media/make-picture.ts'
import { makeTiny } from '#server/media/make-tiny.ts'
import { createBoundedWork } from '#server/platform/bounded-work.ts'

/** Pictures worked on at once, and how many may wait. */
const activeMax = 2
const waitingMax = 40

/** An emoji of others is shown still; one of ours may move. */
export type MediaUse = 'post' | 'avatar' | 'header' | 'emoji' | 'own-emoji' | 'preview'

/** Of these an animation stays one. */
const movingUses: ReadonlySet<MediaUse> = new Set(['post', 'own-emoji'])

/** A file made by us from pixels alone: nothing of the original's metadata, colour profile or trailing bytes is in it. */
export interface MadeImage {
  bytes: Buffer
  mime: ServedType
  width: number
  height: number
}

export interface MadeImages {
  full: MadeImage
  /** Still and at most 640 pixels wide; undefined when the full one is small and still. */
  preview: MadeImage | undefined
}

export interface Images {
  /**
   * Makes what is stored of a picture: oriented, sRGB, bounded in size. Refusals as `inspectImage` gives them, and `too-many` when too
   * many pictures wait.
   */
  make(bytes: Buffer, options: { use: MediaUse; isFirstFrameEnough: boolean }): Promise<MadeImages>
  /** A blurred picture of a few hundred bytes, of one made by `make`. Refusal `too-many` likewise. */
  makeTiny(bytes: Buffer): Promise<MadeImage>
  stats(): { active: number; waiting: number }
}

/** Loaders for the formats we take and from memory only: whatever reaches the library, it cannot read SVG, PDF, TIFF or a file name. */
const loadersAllowed = ['JpegBuffer', 'PngBuffer', 'WebpBuffer', 'NsgifBuffer', 'HeifBuffer'].map((name) => `VipsForeignLoad${name}`)

/** One picture uses one thread; the bound here says how many are worked on side by side. */
export function createImages(): Images {
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: loadersAllowed })
  const work = createBoundedWork({ activeMax, waitingMax, busyKey: 'errors.busy' })
  return {
    make: (bytes, { use, isFirstFrameEnough }) =>
      work.run(async () => {
        const image = await inspectImage(bytes, { isFirstFrameEnough: isFirstFrameEnough || !movingUses.has(use) })
        const moving = use === 'own-emoji' ? await makeApngEmoji(bytes, image) : undefined
        if (moving) return moving
        return image.isAnimated && movingUses.has(use) ? makeAnimation(bytes, image, use) : makePicture(bytes, image, use)
      }),
    makeTiny: (bytes) => work.run(() => makeTiny(bytes)),
    stats: work.stats
  }
}
