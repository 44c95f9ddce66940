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
  line?: number
  details: { passed?: boolean; duration_ms?: number; type?: string; error?: unknown }
  skip?: string | boolean
}

/** Prints a line for each test of a process that failed and one for the process, called by its title; then what it wrote if it failed. Gives the counts. */
export async function report(stream: ReturnType<typeof run>, { root, title }: { root: string; title: string }): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  let written = ''
  let hasFailed = false
  const near = (file: string | undefined) => (file === undefined ? '' : relative(root, file))
  for await (const { type, data } of stream as AsyncIterable<{ type: string; data: unknown }>) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      written = (written + (data as { message: string }).message).slice(-8000)
    } else if (type === 'test:pass') {
      const outcome = data as Outcome
      if (outcome.skip !== undefined && outcome.skip !== false) counts.skipped++
      else if (isTest(outcome)) counts.passed++
    } else if (type === 'test:fail') {
      const outcome = data as Outcome
      hasFailed = true
      if (isOnlyBecauseOfAnother(outcome)) continue
      counts.failed++
      const line = outcome.line === undefined ? '' : `:${outcome.line}`
      console.log(`✖ ${near(outcome.file)}${line}: ${outcome.name}\n${indent(reasonOf(outcome))}`)
    } else if (type === 'test:complete') {
      const outcome = data as Outcome
      if (!isFile(outcome)) continue
      const seconds = ((outcome.details.duration_ms ?? 0) / 1000).toFixed(1)
      console.log(`${outcome.details.passed ? '✔' : '✖'} ${title} (${seconds} s)`)
    }
  }
  const text = written.trim()
  if (hasFailed && text) console.log(`\nwritten by ${title}:\n${indent(text)}`)
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
