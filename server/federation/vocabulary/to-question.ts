import type { Activity } from '#server/federation/vocabulary/to-activity.ts'
import { activityStreams } from '#server/federation/vocabulary/context.ts'

export interface OutgoingPoll {
  isMultiple: boolean
  endsAt: number | null
  closedAt: number | null
  votersCount: number | null
  options: readonly { name: string; votesCount: number }[]
}

/** What makes a Note a Question (ActivityStreams, section 5.4; counts and votersCount as Mastodon reads them). */
export function toQuestion({ isMultiple, endsAt, closedAt, votersCount, options }: OutgoingPoll): Record<string, unknown> {
  return {
    type: 'Question',
    ...(endsAt === null ? {} : { endTime: new Date(endsAt).toISOString() }),
    ...(closedAt === null ? {} : { closed: new Date(closedAt).toISOString() }),
    votersCount: votersCount ?? 0,
    [isMultiple ? 'anyOf' : 'oneOf']: options.map(({ name, votesCount }) => ({
      type: 'Note',
      name,
      replies: { type: 'Collection', totalItems: votesCount }
    }))
  }
}

export interface OutgoingVote {
  uri: string
  actorUri: string
  /** The option, as its server writes it. */
  name: string
  pollUri: string
  authorUri: string
  createdAt: number
}

/** One vote for one option: a Note with a name and nothing else, for the poll's author alone. */
export function toVote({ uri, actorUri, name, pollUri, authorUri, createdAt }: OutgoingVote): Activity {
  const published = new Date(createdAt).toISOString()
  return {
    '@context': activityStreams,
    id: `${uri}-create`,
    type: 'Create',
    actor: actorUri,
    published,
    to: [authorUri],
    object: { id: uri, type: 'Note', attributedTo: actorUri, to: [authorUri], inReplyTo: pollUri, name, published }
  }
}
