import { statfs } from 'node:fs/promises'
import type { Context } from '#server/context.ts'
import { fail, type Finding, ok, warn } from '#server/doctor/finding.ts'

const GiB = 1024 ** 3
/** Below these, writes of a busy day may not fit; a migration needs as much as the database once more. */
const lowBytes = 2 * GiB
const criticalBytes = GiB / 2

/** Is there room in the data directory? */
export async function checkDisk({ config, database }: Context): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(config.dataDir)
  const freeBytes = bavail * bsize
  const needed = config.database.dialect === 'sqlite' ? 2 * (await database.sizeBytes()) : 0
  const values = { gigabytes: Math.floor((10 * freeBytes) / GiB) / 10, dir: config.dataDir }
  if (freeBytes < criticalBytes) return fail('doctor.diskLow', 'doctor.diskLowRemedy', values)
  return freeBytes < Math.max(lowBytes, needed) ? warn('doctor.diskLow', 'doctor.diskLowRemedy', values) : ok('doctor.diskOk', values)
}
