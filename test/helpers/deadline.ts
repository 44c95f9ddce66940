// Loaded into each test process before its file (see test/run.ts). A test that timed out can leave its process waiting for
// something that never comes, and the runner asks politely only once; this ends it, so that the run always comes to an end.
const deadlineMs = Number(process.env.TEST_FILE_DEADLINE_MS)

if (deadlineMs > 0) {
  setTimeout(() => {
    process.stderr.write(`This file was still running after ${deadlineMs / 1000} s and was killed.\n`)
    process.kill(process.pid, 'SIGKILL')
  }, deadlineMs).unref()
}
