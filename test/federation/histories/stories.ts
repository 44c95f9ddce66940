import fc from 'fast-check'

/** How an act is taken back: by its id, by an embedded copy with its id or without, or (a boost) by a Delete. */
export type Undone = 'never' | 'by id' | 'embedded' | 'without id' | 'deleted'

/** What one of four people elsewhere (0 and 1 on one server, 2 and 3 on another) does. */
export type Story =
  | {
      kind: 'post'
      by: number
      edits: number
      isDeleted: boolean
      audience: 'public' | 'unlisted' | 'direct'
      mentions: boolean
      /** An earlier story's post, by its place, or one of ours. */
      answers: 'nothing' | 'ours' | number
      pinned: 'never' | 'added' | 'added and removed'
    }
  | { kind: 'like'; by: number; on: number; undone: Undone }
  | { kind: 'react'; by: number; on: number; emoji: string; isLike: boolean; undone: Undone }
  /** `on`: a post of ours, or from 10 on the post of a story. */
  | { kind: 'boost'; by: number; on: number; undone: Undone }
  | { kind: 'follow'; by: number; of: 'alice' | 'bob'; undone: Undone }
  | { kind: 'block'; by: number; undone: Undone }
  | { kind: 'vote'; by: number; choice: number }
  /** To the follow that bob asked for. */
  | { kind: 'answer'; by: number; isRejectedLater: boolean }

/** One way in which a history may arrive. */
export interface Arrival {
  /** Decides where each step stands, which come again, and which of the copies were signed anew. */
  seed: number
  /** So many arrive at the same moment. */
  atOnce: number
  /** Whether jobs run between, or only in the end. */
  runsJobs: boolean
}

const by = fc.nat({ max: 3 })
const on = fc.nat({ max: 1 })
const undone = fc.constantFrom<Undone>('never', 'by id', 'embedded', 'without id')

const story: fc.Arbitrary<Story> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      by,
      edits: fc.nat({ max: 3 }),
      isDeleted: fc.boolean(),
      audience: fc.constantFrom('public' as const, 'public' as const, 'unlisted' as const, 'direct' as const),
      mentions: fc.boolean(),
      answers: fc.oneof(fc.constantFrom('nothing' as const, 'ours' as const), fc.nat({ max: 4 })),
      pinned: fc.constantFrom('never' as const, 'never' as const, 'added' as const, 'added and removed' as const)
    })
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('like' as const), by, on, undone }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('react' as const),
      by,
      on,
      emoji: fc.constantFrom('🎉', '🦀'),
      isLike: fc.boolean(),
      undone
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('boost' as const),
      by,
      on: fc.oneof(on, fc.integer({ min: 10, max: 14 })),
      undone: fc.oneof(undone, fc.constant('deleted' as const))
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('follow' as const), by, of: fc.constantFrom('alice' as const, 'bob' as const), undone })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('block' as const), by, undone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vote' as const), by, choice: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('answer' as const), by, isRejectedLater: fc.boolean() }) }
)

/**
 * What overwrites the same thing and says of itself neither when it was nor what it replaces is left out, since nobody could put it in order: two likes of one
 * post by one person (or boosts, follows, votes for a single choice), and a Follow, an Accept or a Block between the same two people.
 * Blocks are of bob, who writes nothing: whether a like came before or after one decides whether its sender could still see the post. Nor is there any Update
 * without a date, or two with the same one.
 */
function subjectOf(each: Story): string {
  if (each.kind === 'post') return ''
  if (each.kind === 'follow') return `${each.by} and ${each.of}`
  if (each.kind === 'block' || each.kind === 'answer') return `${each.by} and bob`
  if (each.kind === 'vote') return `vote of ${each.by}`
  return `${each.kind} of ${each.by} on ${each.on}${each.kind === 'react' ? each.emoji : ''}`
}

export const histories: fc.Arbitrary<Story[]> = fc
  .array(story, { minLength: 2, maxLength: 9 })
  .map((stories) =>
    stories.filter((each, at) => each.kind === 'post' || stories.findIndex((other) => subjectOf(other) === subjectOf(each)) === at)
  )

export const arrivals: fc.Arbitrary<Arrival> = fc.record({
  seed: fc.nat(),
  atOnce: fc.integer({ min: 1, max: 4 }),
  runsJobs: fc.boolean()
})
