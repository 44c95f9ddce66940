import { createHash } from 'node:crypto'
import type { Arrival, Story, Undone } from '#test/federation/histories/stories.ts'
import type { Stage } from '#test/federation/histories/stage.ts'
import { everybody, type RemoteActor } from '#test/helpers/remote.ts'

type Json = Record<string, unknown>

/** One activity of a history. */
export interface Step {
  actor: RemoteActor
  activity: Json
  /** Place of the story, and whether this does something or takes it back. */
  story: number
  role: 'act' | 'undo' | 'other'
}

const minuteMs = 60_000

/** A history as it happened, in order; and what its servers serve once it has. */
export function stepsOf(stories: readonly Story[], stage: Stage): Step[] {
  return stories.flatMap((story, at) => {
    const actor = stage.actors[story.by] as RemoteActor
    const act = activityMaker(actor, stage, at)
    const step = (role: Step['role'], activity: Json): Step => ({ actor, activity, story: at, role })
    if (story.kind === 'post') return stepsOfPost(stories, story, at, stage)
    if (story.kind === 'vote') {
      const vote = { id: stage.idOf(actor, `vote-${at}`), type: 'Note', name: stage.choices[story.choice], inReplyTo: stage.poll.uri }
      return [step('other', act('Create', 'vote', { ...vote, attributedTo: actor.uri, to: [stage.alice] }))]
    }
    if (story.kind === 'answer') {
      const asked = { id: stage.followOf(actor), type: 'Follow', actor: stage.bob, object: actor.uri }
      const accept = step('other', act('Accept', 'accept', asked))
      return story.isRejectedLater ? [accept, step('other', act('Reject', 'reject', asked))] : [accept]
    }
    const said = sayingOf(story, stage)
    if (said === undefined) return []
    const done = act(said.type, 'act', said.object, said.more)
    return story.undone === 'never' ? [step('act', done)] : [step('act', done), step('undo', undoing(act, done, story.undone))]
  })
}

function sayingOf(
  story: Exclude<Story, { kind: 'post' | 'vote' | 'answer' }>,
  stage: Stage
): { type: string; object: string; more?: Json } | undefined {
  if (story.kind === 'follow') return { type: 'Follow', object: stage[story.of] }
  if (story.kind === 'block') return { type: 'Block', object: stage.bob }
  if (story.kind === 'like') return { type: 'Like', object: stage.ours[story.on] as string }
  if (story.kind === 'react') {
    const more = { content: story.emoji, ...(story.isLike ? { _misskey_reaction: story.emoji } : {}) }
    return { type: story.isLike ? 'Like' : 'EmojiReact', object: stage.ours[story.on] as string, more }
  }
  const object = story.on < 10 ? stage.ours[story.on] : stage.postOf(story.on - 10)
  return object === undefined ? undefined : { type: 'Announce', object, more: { to: [everybody], published: stage.at(1) } }
}

function undoing(act: ReturnType<typeof activityMaker>, done: Json, undone: Exclude<Undone, 'never'>): Json {
  const { '@context': _, id, ...said } = done
  if (undone === 'deleted') return act('Delete', 'undo', id)
  return act('Undo', 'undo', undone === 'by id' ? id : undone === 'embedded' ? { id, ...said } : said)
}

function stepsOfPost(stories: readonly Story[], story: Extract<Story, { kind: 'post' }>, at: number, stage: Stage): Step[] {
  const actor = stage.actors[story.by] as RemoteActor
  const act = activityMaker(actor, stage, at)
  const id = stage.idOf(actor, `note-${at}`)
  const audience = addressesOf(story, stage)
  const note = (edit: number): Json => ({
    id,
    type: 'Note',
    attributedTo: actor.uri,
    content: `<p>What ${at} says, for the ${edit}. time.</p>`,
    published: stage.at(at),
    ...(edit === 0 ? {} : { updated: new Date(Date.parse(stage.at(at)) + edit * minuteMs).toISOString() }),
    ...audience,
    ...(parentOf(stories, story, at, stage) ?? {})
  })
  stage.postIs(at, id)
  stage.serve(id, story.isDeleted ? undefined : { '@context': 'https://www.w3.org/ns/activitystreams', ...note(story.edits) })
  const step = (role: Step['role'], activity: Json): Step => ({ actor, activity, story: at, role })
  const pin = story.isDeleted || story.audience === 'direct' || mentionsAnybody(story) ? 'never' : story.pinned
  const featured = { target: actor.document.featured }
  return [
    step('other', act('Create', 'create', note(0))),
    ...Array.from({ length: story.edits }, (_, edit) => step('other', act('Update', `update-${edit}`, note(edit + 1)))),
    ...(pin === 'never' ? [] : [step('act', act('Add', 'add', id, featured))]),
    ...(pin === 'added and removed' ? [step('undo', act('Remove', 'remove', id, featured))] : []),
    ...(story.isDeleted ? [step('other', act('Delete', 'delete', { id, type: 'Tombstone' }))] : [])
  ]
}

/** A post that was found by way of being pinned is old, and tells nobody that they are mentioned in it: pinned ones mention nobody here. */
function mentionsAnybody(story: Extract<Story, { kind: 'post' }>): boolean {
  return story.mentions || story.audience === 'direct'
}

function addressesOf(story: Extract<Story, { kind: 'post' }>, stage: Stage): Json {
  const named = mentionsAnybody(story) ? [stage.alice] : []
  const tag = named.map((href) => ({ type: 'Mention', href, name: '@alice@skerry.test' }))
  if (story.audience === 'direct') return { to: named, cc: [], tag }
  return story.audience === 'public' ? { to: [everybody], cc: named, tag } : { to: named, cc: [everybody], tag }
}

/** An answer to something deleted would hang below a grave, or on nothing when the grave came first: of what was never here no place in a thread is known. */
function parentOf(stories: readonly Story[], { answers }: Extract<Story, { kind: 'post' }>, at: number, stage: Stage): Json | undefined {
  if (answers === 'nothing') return undefined
  if (answers === 'ours') return { inReplyTo: stage.ours[0] }
  const parent = answers < at ? stories[answers] : undefined
  return parent?.kind === 'post' && !parent.isDeleted && parent.audience !== 'direct' ? { inReplyTo: stage.postOf(answers) } : undefined
}

function activityMaker(actor: RemoteActor, stage: Stage, story: number) {
  return (type: string, name: string, object: unknown, more: Json = {}): Json => {
    const { to, cc } = (typeof object === 'object' && object !== null ? object : {}) as Json
    return {
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: stage.idOf(actor, `${name}-${story}`),
      type,
      actor: actor.uri,
      object,
      ...(to === undefined ? {} : { to }),
      ...(cc === undefined ? {} : { cc }),
      ...more
    }
  }
}

/** One request: the same `signing` of the same step is the same bytes. */
export interface Sending {
  step: Step
  signing: string
}

/** Between 0 and 1, the same each time for one arrival and name. */
function chanceOf({ seed }: Arrival, name: string): number {
  return createHash('sha256').update(`${seed} ${name}`).digest().readUInt32BE() / 2 ** 32
}

/** Two of five come again, some of those twice. */
function copiesOf(arrival: Arrival, step: number): number {
  const chance = chanceOf(arrival, `copies ${step}`)
  return chance < 0.6 ? 1 : chance < 0.85 ? 2 : 3
}

/** The steps as they arrive: out of order, some more than once, some at the same moment. */
export function arrivalOf(steps: readonly Step[], arrival: Arrival): Sending[][] {
  const sendings = steps.flatMap((step, at) =>
    Array.from({ length: copiesOf(arrival, at) }, (_, copy) => {
      const isAnew = copy > 0 && chanceOf(arrival, `anew ${at} ${copy}`) < 0.5
      return { step, signing: `${at}${isAnew ? `-${copy}` : ''}`, place: chanceOf(arrival, `place ${at} ${copy}`) }
    })
  )
  sendings.sort((a, b) => a.place - b.place)
  const batches = Array.from({ length: Math.ceil(sendings.length / arrival.atOnce) }, (_, batch) =>
    sendings.slice(batch * arrival.atOnce, (batch + 1) * arrival.atOnce)
  )
  tellApart(batches)
  return batches
}

/**
 * An act that is signed anew and comes after its Undo is the same act done again: ids are used again (Misskey's Follow has one for ever), and only whoever
 * sent it could tell. So what comes after the Undo of something that was here comes as the bytes that came before it.
 */
function tellApart(batches: Sending[][]): void {
  const undone = new Set(batches.flat().flatMap(({ step }) => (step.role === 'undo' ? [step.story] : [])))
  for (const story of undone) {
    const batchOf = (role: string) => batches.findIndex((batch) => batch.some(({ step }) => step.story === story && step.role === role))
    const [acted, ended] = [batchOf('act'), batchOf('undo')]
    if (ended < acted) continue
    const acts = batches.flatMap((batch, at) =>
      batch.flatMap((sending) => (sending.step.story === story && sending.step.role === 'act' ? [{ at, sending }] : []))
    )
    const first = acts[0]?.sending.signing as string
    for (const { at, sending } of acts) if (at >= ended) sending.signing = first
  }
}
