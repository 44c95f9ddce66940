import { sample, type SamplePage } from '#server/web/style/sample.ts'
import type { Samples } from '#server/web/style/samples.ts'

/** Pages that scripts bring in: keyboard shortcuts, one post by itself, and what is shown without a network. */
export function sampleScriptPages({ chrome, text, timeline }: Samples): SamplePage[] {
  return [
    sample('offline', 'offline', chrome('/offline', 'No connection', 'stranger'), {}),
    sample('post-card', 'post-card', chrome('/posts/101/card', 'Post', 'person'), { heading: text('Post'), post: timeline()[0]! }),
    sample('shortcuts', 'shortcuts', chrome('/shortcuts', 'Keyboard shortcuts', 'person'), {
      groups: [
        {
          heading: text('Reading'),
          rows: [
            { keys: ['j'], label: text('Next post') },
            { keys: ['g', 'h'], label: text('Home') }
          ]
        }
      ]
    })
  ]
}
