// database: none
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { is } from 'drizzle-orm'
import { getTableConfig, type SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from '#db/schema/all.ts'
import { accountColumns } from '#server/retention/account-columns.ts'

/** Whole numbers and values of several parts that name something else than accounts, and what. */
const others = new Map([
  ['accounts.avatarId', 'a picture of its own'],
  ['accounts.headerId', 'a picture of its own'],
  ['accounts.fields', 'texts'],
  ['accounts.emojis', 'pictures by shortcode'],
  ['accounts.alsoKnownAs', 'addresses, which are read anew when they matter'],
  ['accounts.attributionDomains', 'hosts'],
  ['appCodes.appId', 'an app'],
  ['appCodes.scopes', 'words'],
  ['appTokens.appId', 'an app'],
  ['appTokens.codeId', 'a code'],
  ['appTokens.scopes', 'words'],
  ['apps.redirectUris', 'addresses'],
  ['apps.scopes', 'words'],
  ['auditEntries.details', 'what was changed, in words'],
  ['conversations.lastPostId', 'a post'],
  ['conversations.threadId', 'a thread'],
  ['deliveries.activityId', 'an activity'],
  ['drafts.failure', 'words'],
  ['drafts.parts', 'texts'],
  ['drafts.policies', 'words'],
  ['drafts.poll', 'texts'],
  ['drafts.quoteId', 'a post'],
  ['drafts.replyToId', 'a post'],
  ['emojiUses.emojiId', 'an emoji'],
  ['emojis.mediaId', 'a picture'],
  ['filterKeywords.filterId', 'a filter'],
  ['filterPosts.filterId', 'a filter'],
  ['filters.places', 'words'],
  ['heldActivities.activity', 'an activity of the actor that is named beside it'],
  ['importRows.importId', 'an import'],
  ['importRows.reasonValues', 'words'],
  ['importRows.choices', 'words'],
  ['interactions.targetId', 'a post'],
  ['jobs.input', 'work of hours, which ends where it finds nobody'],
  ['linkPreviews.mediaId', 'a picture'],
  ['listMembers.listId', 'a list'],
  ['markers.lastReadId', 'a post or notification'],
  ['media.draftId', 'a draft'],
  ['ownEmojis.mediaId', 'a picture'],
  ['passkeys.transports', 'words'],
  ['postVersions.emojis', 'pictures by shortcode'],
  ['postVersions.media', 'pictures by key'],
  ['postVersions.options', 'texts'],
  ['posts.boostOfId', 'a post'],
  ['posts.emojis', 'pictures by shortcode'],
  ['posts.replyToId', 'a post'],
  ['posts.threadId', 'a thread'],
  ['quotes.quotedId', 'a post'],
  ['reach.inboxIds', 'inboxes'],
  ['reportNotes.reportId', 'a report'],
  ['reportPosts.copy', 'a post as it was'],
  ['reportPosts.reportId', 'a report'],
  ['retentionPasses.afterId', 'how far a pass has come'],
  ['retentionPasses.limits', 'numbers of days'],
  ['retentionPasses.samples', 'posts'],
  ['searchPasses.beforeId', 'a post'],
  ['settings.value', 'what admins set'],
  ['threadMutes.threadId', 'a thread'],
  ['threadPulls.anchorId', 'a post'],
  ['threadPulls.missingHosts', 'hosts'],
  ['threadPulls.threadId', 'a thread'],
  ['threadSources.pullId', 'a pull'],
  ['users.inviteId', 'an invite'],
  ['users.look', 'words'],
  ['users.notificationPolicy', 'words'],
  ['users.notificationsReadId', 'a notification'],
  ['users.rulesAccepted', 'texts']
])

const tables = Object.entries(schema).flatMap(([name, table]) =>
  is(table, SQLiteTable) ? [{ ...getTableConfig(table), name, table }] : []
)

/** Every column that could name an account: ids and whoever did something, values of several parts, and what has a key to accounts. */
const candidates = tables.flatMap(({ name, table, columns, foreignKeys }) => {
  const keyed = foreignKeys
    .map((key) => key.reference())
    .filter(({ foreignTable }) => foreignTable === schema.accounts || foreignTable === schema.users)
  const toAccounts = new Set<unknown>(keyed.flatMap((key) => key.columns))
  return Object.entries(table).flatMap(([key, column]) => {
    if (!columns.includes(column as SQLiteColumn)) return []
    const isNamed = /(Id|Ids|By)$/.test(key) && key !== 'postId' && (column as SQLiteColumn).dataType === 'number'
    return isNamed || (column as SQLiteColumn).dataType === 'json' || toAccounts.has(column) ? [`${name}.${key}`] : []
  })
})

test('whoever adds a column that may name an account says what becomes of accounts it names', () => {
  const decided = [...Object.keys(accountColumns), ...others.keys()]
  const undecided = candidates.filter((name) => !decided.includes(name))
  assert.deepEqual(undecided, [], 'decide in retention/account-columns.ts whether these keep an account, or say here what they name')
  assert.deepEqual(
    decided.filter((name) => !candidates.includes(name)),
    [],
    'these are no columns any more'
  )
})

test('what keeps an account, or goes with it, is found by the account, so that looking reads through no table', () => {
  for (const [name, rule] of Object.entries(accountColumns)) {
    if (rule !== 'keeps' && rule !== 'goes') continue
    const [tableName, key = ''] = name.split('.')
    const found = tables.find((table) => table.name === tableName)
    assert.ok(found)
    const column = (found.table as unknown as Record<string, SQLiteColumn>)[key]
    const leading = [...found.indexes.map(({ config }) => config.columns[0]), ...found.primaryKeys.map(({ columns }) => columns[0])]
    const names = leading.map((each) => (each !== undefined && 'name' in each ? each.name : undefined))
    assert.ok(column?.primary || names.includes(column?.name), `${name} needs an index that begins with it`)
  }
})
