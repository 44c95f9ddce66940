// Who runs out of this checkout. An install deletes node_modules, so it must know, and two installs must not meet.
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const modulesHere = fileURLToPath(new URL('../../node_modules', import.meta.url))
const lockPollMs = 200

/** Notes a process as running out of this checkout; the note of a process that ended is swept by the next one. */
export function registerRunning(pid, task) {
  try {
    runningTasks(modulesHere)
    const folder = runningFolder(modulesHere)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, String(pid)), JSON.stringify({ task, bornAt: bornAt(pid) }))
  } catch (error) {
    // A checkout that is read-only to the one who runs it (as under systemd) can neither be noted in nor installed into.
    if (!isReadOnly(error)) throw error
  }
}

/** Running tasks of this checkout, without this very process. */
export function runningTasks(modules) {
  const folder = runningFolder(modules)
  return readFolder(folder).flatMap((name) => {
    const pid = Number(name)
    const note = readNote(join(folder, name))
    if (note && isAlive(pid) && note.bornAt === bornAt(pid)) return pid === process.pid ? [] : [{ pid, task: note.task }]
    rmSync(join(folder, name), { force: true })
    return []
  })
}

/** Runs `work` while no other launcher of this checkout installs; waits for one that does. */
export async function holdInstallLock(folder, work) {
  const lock = join(folder, 'installing')
  while (!takeLock(lock)) await wait(lockPollMs)
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(lock) {
  mkdirSync(dirname(lock), { recursive: true })
  // Written apart and linked into place, so that nobody reads a lock whose holder is not in it yet.
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, JSON.stringify({ pid: process.pid, bornAt: bornAt(process.pid) }))
  try {
    linkSync(draft, lock)
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  const holder = readNote(lock)
  if (!holder || !isAlive(holder.pid) || holder.bornAt !== bornAt(holder.pid)) rmSync(lock, { force: true })
  return false
}

/** Whether an error says that this user may not write here. */
export function isReadOnly(error) {
  return ['EACCES', 'EROFS', 'EPERM'].includes(error.code)
}

/** When the kernel started the process: a number that was given to another process since then has another birth. */
function bornAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return 'unknown'
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function runningFolder(modules) {
  return join(modules, '.skerry', 'running')
}

function readFolder(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function readNote(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
