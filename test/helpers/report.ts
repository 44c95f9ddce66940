import { relative } from 'node:path'
import type { run } from 'node:test'
import { inspect } from 'node:util'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

interface Outcome {
  name: string
  nesting: number
  file?: string
  details: { passed?: boolean; duration_ms?: number; type?: string; error?: unknown }
  skip?: string | boolean
}

/** Prints a line for each file and each test that failed, in the end what failing files wrote, and gives the counts. */
export async function report(stream: ReturnType<typeof run>, root: string): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const written = new Map<string, string>()
  const failedFiles = new Set<string>()
  const near = (file: string | undefined) => (file === undefined ? '' : relative(root, file))
  for await (const { type, data } of stream as AsyncIterable<{ type: string; data: unknown }>) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      const { file = '', message } = data as { file?: string; message: string }
      written.set(file, ((written.get(file) ?? '') + message).slice(-8000))
    } else if (type === 'test:pass') {
      const outcome = data as Outcome
      if (outcome.skip !== undefined && outcome.skip !== false) counts.skipped++
      else if (isTest(outcome)) counts.passed++
    } else if (type === 'test:fail') {
      const outcome = data as Outcome
      if (outcome.file) failedFiles.add(outcome.file)
      if (isOnlyBecauseOfAnother(outcome)) continue
      counts.failed++
      console.log(`✖ ${near(outcome.file)}: ${outcome.name}\n${indent(reasonOf(outcome))}`)
    } else if (type === 'test:complete') {
      const outcome = data as Outcome
      if (!isFile(outcome)) continue
      const seconds = ((outcome.details.duration_ms ?? 0) / 1000).toFixed(1)
      console.log(`${outcome.details.passed ? '✔' : '✖'} ${near(outcome.name)} (${seconds} s)`)
    }
  }
  for (const file of failedFiles) {
    const text = written.get(file)?.trim()
    if (text) console.log(`\nwritten by ${near(file)}:\n${indent(text)}`)
  }
  return counts
}

function isTest(outcome: Outcome): boolean {
  return outcome.details.type !== 'suite'
}

function isFile({ name, nesting, file }: Outcome): boolean {
  return nesting === 0 && name === file
}

/** A suite, or a file, that failed because a test within it did, which was told already. */
function isOnlyBecauseOfAnother(outcome: Outcome): boolean {
  const { failureType } = (outcome.details.error ?? {}) as { failureType?: string }
  return failureType === 'subtestsFailed'
}

function reasonOf(outcome: Outcome): string {
  const { error } = outcome.details
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  return inspect(cause, { colors: process.stdout.isTTY, depth: 6 })
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
