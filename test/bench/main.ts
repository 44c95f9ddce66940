/**
 * Measures: `npm run bench`, `npm run bench -- home inbox`; with TEST_DATABASE=postgres on a PostgreSQL of its own. Ratios to a floor of the same
 * run are the safe part.
 */
import { chooseDialect, dialectOfProcess } from '#db/dialect.ts'
import { showGoals } from '#test/bench/harness.ts'
import { openScratch } from '#test/helpers/scratch.ts'

if (process.env.TEST_DATABASE === 'postgres') chooseDialect('postgres')

openScratch({ onDisk: true })

const workloads: Record<string, () => Promise<void>> = {
  busy: async () => (await import('#test/bench/busy.ts')).busy(),
  deliver: async () => (await import('#test/bench/deliver.ts')).deliver(),
  home: async () => (await import('#test/bench/home.ts')).home(),
  inbox: async () => (await import('#test/bench/inbox.ts')).inbox(),
  pages: async () => (await import('#test/bench/pages.ts')).pages(),
  publish: async () => (await import('#test/bench/publish.ts')).publish(),
  search: async () => (await import('#test/bench/search.ts')).search(),
  serve: async () => (await import('#test/bench/serve.ts')).serve(),
  start: async () => (await import('#test/bench/start.ts')).start()
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in workloads))
if (unknown.length > 0) {
  console.error(`There is no workload ${unknown.join(', ')}; there are ${Object.keys(workloads).join(', ')}.`)
  process.exit(2)
}
console.log(`Node ${process.version}, ${(await import('node:os')).cpus()[0]?.model ?? 'unknown CPU'}, ${dialectOfProcess()}`)
for (const [name, run] of Object.entries(workloads)) if (wanted.length === 0 || wanted.includes(name)) await run()
showGoals()
