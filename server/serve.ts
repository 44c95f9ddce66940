import { resolve } from 'node:path'
import { createApp } from '#server/app.ts'
import { checkOrigin } from '#server/accounts/check-origin.ts'
import { ensureInstanceActor } from '#server/accounts/instance-actor.ts'
import type { Config } from '#server/config.ts'
import { type Context, createContext } from '#server/context.ts'
import { StartError } from '#server/errors.ts'
import { freeJobs } from '#server/jobs/free-jobs.ts'
import { freeDeliveries } from '#server/peers/free-deliveries.ts'
import { makeOwnDirectory } from '#server/platform/own-directory.ts'
import { lockForServer } from '#server/platform/server-lock.ts'
import { createOwnerLink, hasOwner } from '#server/sign-in/owner-link.ts'
import { wiring } from '#server/wiring.ts'

/** Of the time a stop may take, what stays for closing the database after requests and jobs had theirs (ms). */
const closingMs = 2_000

export interface Server {
  readonly ctx: Context
  /** Ends listening, lets requests and jobs finish for `withinMs`, and closes everything. */
  stop(reason: string, withinMs: number): Promise<void>
}

/** Runs an instance in this process: role all, web or worker. `say` hears what a person at the terminal should read. */
export async function serve(config: Config, say: (lines: string[]) => void): Promise<Server> {
  const { role, host, port } = config.server
  makeOwnDirectory(config.dataDir, 'DATA_DIR')
  const lock = config.database.dialect === 'sqlite' ? lockForServer(config.dataDir) : undefined
  if (config.database.dialect === 'sqlite' && !lock) {
    throw new StartError(
      `Another Skerry already serves the database in ${resolve(config.dataDir)}; stop it first, or give this one a DATA_DIR of its own.`
    )
  }
  const ctx = await createContext(config, wiring)
  ctx.metrics.watchProcess()
  await checkOrigin(ctx)
  await ensureInstanceActor(ctx)

  const app = role === 'worker' ? undefined : await createApp(ctx)
  if (app) {
    try {
      await app.listen({ host, port })
    } catch (error) {
      await app.close()
      await ctx[Symbol.asyncDispose]()
      lock?.release()
      if ((error as { code?: string }).code !== 'EADDRINUSE') throw error
      throw new StartError(`Port ${port} on ${host} is already in use; stop what uses it, or set PORT to another.`)
    }
  }
  // The lock says that nobody else works on this database: what is leased belonged to a process that died, and need not wait for its lease to end.
  if (lock) {
    await ctx.transact(async (tx) => {
      await freeJobs(tx)
      await freeDeliveries(tx)
    })
  }
  if (role !== 'web') ctx.worker.start()
  ctx.traffic.start()
  ctx.log.info({ origin: config.origin, role, host, port, database: config.database.dialect }, 'started')
  say(await greeting(ctx))

  return {
    ctx,
    async stop(reason, withinMs) {
      ctx.log.info({ reason }, 'stopping')
      const graceMs = Math.max(0, withinMs - closingMs)
      // Whoever still sends or reads after that is cut off.
      const cutOff = setTimeout(() => app?.server.closeAllConnections(), graceMs)
      await Promise.all([app?.close(), role === 'web' ? undefined : ctx.worker.stop(graceMs)])
      clearTimeout(cutOff)
      await ctx[Symbol.asyncDispose]()
      lock?.release()
    }
  }
}

/** What it serves, where the data lies, what to do next. */
async function greeting(ctx: Context): Promise<string[]> {
  const { config } = ctx
  const t = ctx.messages.translator(config.instance.language, { timeZone: config.instance.timeZone })
  const { role, host, port } = config.server
  const lines = [
    '',
    role === 'worker' ? t('start.works', { origin: config.origin }) : t('start.serves', { origin: config.origin, host, port: String(port) })
  ]
  lines.push(
    config.database.dialect === 'sqlite'
      ? t('start.data-sqlite', { dir: resolve(config.dataDir) })
      : t('start.data-postgres', { dir: resolve(config.dataDir) })
  )
  // A worker has nothing that could be opened; the processes of the role web say what comes next.
  if (role === 'worker') return [...lines, '']
  if (await hasOwner(ctx.db)) lines.push(t('start.next-admin', { url: `${config.origin}/admin` }))
  else lines.push(t('start.next-owner'), `  ${await createOwnerLink(ctx)}`)
  return [...lines, '']
}
