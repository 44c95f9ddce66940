import * as v from 'valibot'
import { setOrigin } from '#server/accounts/check-origin.ts'
import { isServedOnPostgres, openContext } from '#server/commands/open-context.ts'
import type { Answer, Ground } from '#server/commands/run-command.ts'
import { settings } from '#server/config/settings.ts'
import type { Config } from '#server/config.ts'
import { Refusal } from '#server/errors.ts'
import { recordAudit } from '#server/moderation/record-audit.ts'
import { makeOwnDirectory } from '#server/platform/own-directory.ts'
import { lockForServer } from '#server/platform/server-lock.ts'

/** As much of what was typed as the refusal repeats. */
const urlCharactersShown = 200

/** Gives the instance another origin, while nobody else knows the old one. A server that runs would go on writing the old one. */
export async function run({ config, args, t }: Ground): Promise<Answer> {
  const parsed = v.safeParse(settings.origin!.schema, args[0])
  if (!parsed.success) throw new Refusal('invalid', 'origin.invalid', { url: args[0]!.slice(0, urlCharactersShown) }, 'url')
  const origin = String(parsed.output)
  const { host } = new URL(origin)
  // A handle domain of its own stays; one that was only the origin's host goes with it.
  const handleDomain = config.handleDomain === config.host ? host : config.handleDomain
  const held = await holdAlone(config)
  try {
    const ctx = await openContext(config, 'context')
    try {
      await setOrigin(ctx, { origin, handleDomain })
      const details = { from: config.origin, to: origin }
      await ctx.transact((tx) =>
        recordAudit(
          tx,
          { kind: 'operator' },
          { act: 'origin-changed', targetKind: 'setting', target: 'origin', targetLabel: origin, details }
        )
      )
    } finally {
      await ctx[Symbol.asyncDispose]()
    }
  } finally {
    held?.release()
  }
  return { value: { origin, handleDomain }, lines: [t('command.originIs', { origin })] }
}

async function holdAlone(config: Config): Promise<{ release(): void } | undefined> {
  if (config.database.dialect === 'postgres') {
    if (await isServedOnPostgres(config)) throw new Refusal('conflict', 'origin.serverRuns')
    return undefined
  }
  makeOwnDirectory(config.dataDir, 'DATA_DIR')
  const lock = lockForServer(config.dataDir)
  if (!lock) throw new Refusal('conflict', 'origin.serverRuns')
  return lock
}
