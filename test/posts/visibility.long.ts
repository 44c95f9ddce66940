/** The property test of visibility, over ten thousand drawn worlds. */
process.env.VISIBILITY_RUNS ??= '10000'
await import('#test/posts/visibility.test.ts')
