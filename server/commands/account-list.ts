import { columns, moment } from '#server/commands/columns.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import type { Context } from '#server/context.ts'
import { type ListedPerson, listPeople } from '#server/moderation/list-people.ts'

const peoplePerRead = 500

/** Lists our own people. */
export async function run({ ctx, options, t }: Ground & { ctx: Context }): Promise<Answer> {
  const search = options.search === undefined ? '' : String(options.search)
  const value: ReturnType<typeof toValue>[] = []
  for (let after = ''; ; ) {
    const people = await listPeople(ctx.db, { search, after, limit: peoplePerRead })
    value.push(...people.map(toValue))
    if (people.length < peoplePerRead) break
    after = people.at(-1)!.account.nameKey
  }
  const rows = value.map((row) => [`@${row.name}`, row.role, row.state, row.email, moment(row.createdAt)])
  return { value, lines: value.length === 0 ? [t('command.nobody')] : columns(rows) }
}

function toValue({ account, user }: ListedPerson) {
  return {
    id: account.id,
    name: account.name,
    uri: account.uri,
    email: user.email,
    role: user.role,
    state: stateOf({ account, user }),
    createdAt: account.createdAt,
    lastSeenAt: user.lastSeenAt
  }
}

function stateOf({ account, user }: ListedPerson): 'erased' | 'suspended' | 'unconfirmed' | 'waiting' | 'active' {
  if (account.deletedAt !== null) return 'erased'
  if (account.suspendedAt !== null) return 'suspended'
  if (user.emailConfirmedAt === null) return 'unconfirmed'
  return user.approvedAt === null ? 'waiting' : 'active'
}
