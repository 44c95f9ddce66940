/**
 * Posts every document of a folder to an instance, signed by whoever claims it, and holds what becomes of it against what is expected:
 * `npm run test:corpus -- DIR`. For a folder it knows (test/corpus/expected.json) each document has an expectation; of any folder it asks that nothing
 * crashes or answers 5xx, that what is accepted shows on a page, and that 97 % of what FEDERATION.md calls handled is accepted, leaving aside what nobody may
 * say (401 and 403: another server's id or object, an actor that is not there).
 * `--learn` writes the outcome as the new expectation, for reading over.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readCorpus } from '#test/corpus/documents.ts'
import { type Outcome, runDocument } from '#test/corpus/outcome.ts'
import { startCorpusPeer } from '#test/corpus/peer.ts'

const acceptedShareMin = 0.97
const expectedFile = join(import.meta.dirname, 'corpus/expected.json')

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { learn: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } }
})
const dir = resolve(positionals[0] ?? process.env.CORPUS_DIR ?? '../shared/corpus')
if (!existsSync(dir)) {
  console.error(`There is no folder ${dir}; name one: npm run test:corpus -- DIR`)
  process.exit(2)
}

const documents = readCorpus(dir)
const expected = (existsSync(expectedFile) ? JSON.parse(readFileSync(expectedFile, 'utf8')) : {}) as Record<string, string>
const peer = await startCorpusPeer(documents)
const outcomes = new Map<string, Outcome>()
const failures: string[] = []
for (const document of documents) {
  const outcome = await runDocument(document, peer)
  outcomes.set(document.file, outcome)
  const wanted = expected[document.file]
  if (outcome.kind === 'broken') failures.push(`${document.file}: ${outcome.why}`)
  else if (!options.learn && wanted !== undefined && wanted !== said(outcome))
    failures.push(`${document.file}: expected "${wanted}", became "${said(outcome)}" (${outcome.why})`)
  if (options.verbose)
    console.log(`${said(outcome).padEnd(16)} ${outcome.isHandled ? 'handled ' : '        '} ${document.file}: ${outcome.why}`)
}
await peer.close()

const all = [...outcomes.values()]
const count = (kind: Outcome['kind']) => all.filter((outcome) => outcome.kind === kind).length
const handled = all.filter((outcome) => outcome.isHandled && outcome.kind !== 'ignore')
const unlawful = handled.filter(({ kind, status }) => kind === 'refuse' && (status === 401 || status === 403))
const accepted = handled.filter((outcome) => outcome.kind === 'accept')
const share = accepted.length / Math.max(1, handled.length - unlawful.length)
if (share < acceptedShareMin)
  failures.push(`Of what FEDERATION.md calls handled, ${(share * 100).toFixed(1)} % was accepted; it must be ${acceptedShareMin * 100} %.`)
if (options.learn)
  writeFileSync(
    expectedFile,
    `${JSON.stringify({ ...expected, ...Object.fromEntries([...outcomes].map(([file, outcome]) => [file, said(outcome)])) }, null, 2)}\n`
  )

for (const failure of failures) console.log(`FAILED ${failure}`)
console.log(
  `${(share * 100).toFixed(1)} % of ${handled.length - unlawful.length} documents of handled types accepted, ${unlawful.length} more may be said by nobody`
)
console.log(`accepted ${count('accept')}, ignored ${count('ignore')}, refused ${count('refuse')} of ${documents.length}`)
process.exit(failures.length > 0 ? 1 : 0)

function said({ kind, status }: Outcome): string {
  return kind === 'refuse' ? `refuse ${status}` : kind
}
