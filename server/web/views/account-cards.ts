import type { FastifyRequest } from 'fastify'
import { avatarKeysOf } from '#server/accounts/avatars.ts'
import { shownPartOf } from '#server/accounts/shown-account.ts'
import type { Account } from '#server/accounts/who.ts'
import { emojiBook } from '#server/emoji/emoji-book.ts'
import { noRelation, type Relation, relationsOf } from '#server/follows/relations.ts'
import { htmlToText } from '#server/posts/html-to-text.ts'
import type { AccountCardView } from '#server/web/views/account-view.ts'
import type { ButtonView } from '#server/web/views/form-view.ts'
import { mainButton, relationBadges } from '#server/web/views/relation-view.ts'
import { toAccountView } from '#server/web/views/view-accounts.ts'

const noteCharactersMax = 200

interface CardOptions {
  /** The buttons of a row, in place of Follow and its opposite. */
  buttonsOf?: (account: Account, relation: Relation) => ButtonView[]
  /** Words before those on how the two stand to each other. */
  badgesOf?: (account: Account) => string[]
}

/** Rows of a list of people, with what this viewer may do with each; strangers see no buttons. */
export async function viewCards(
  request: FastifyRequest,
  listed: readonly Account[],
  options: CardOptions = {}
): Promise<AccountCardView[]> {
  const accounts = listed.map(shownPartOf)
  const { t, who, server } = request
  const { ctx } = server
  const [keys, book] = await Promise.all([avatarKeysOf(ctx.db, accounts), emojiBook(ctx)])
  const ids = accounts.map(({ id }) => id)
  const relations = who ? await relationsOf(ctx.db, who.account.id, ids, ctx.clock.now()) : new Map<number, Relation>()
  return accounts.map((account) => {
    const relation = relations.get(account.id) ?? noRelation
    const isSelf = who?.account.id === account.id
    const main = who && !isSelf ? mainButton(account, relation, t) : undefined
    const buttons = !who || isSelf ? [] : (options.buttonsOf?.(account, relation) ?? (main ? [main] : []))
    return {
      account: toAccountView(account, keys.get(account.id), book),
      note: htmlToText(account.bioHtml.replace(/\s+/g, ' '), noteCharactersMax).replace(/\s+/g, ' '),
      buttons,
      badges: [...(options.badgesOf?.(account) ?? []), ...(isSelf ? [t('relation.badgeYou')] : relationBadges(relation, t))]
    }
  })
}
