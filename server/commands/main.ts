import process from 'node:process'
import { runCommandLine } from '#server/commands/command-line.ts'

// A reader that has seen enough (`… | head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
const code = await runCommandLine(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text)
})
// Whatever still holds the process (a socket that is slow to close) does not hold the person; what was said goes out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
