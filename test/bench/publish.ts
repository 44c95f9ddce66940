import { activities, deliveries } from '#db/schema/peers.ts'
import { fill, fillFollows } from '#test/bench/fill.ts'
import { goal, measure, show } from '#test/bench/harness.ts'
import { startBenchInstance } from '#test/bench/instance.ts'
import { createPerson } from '#test/helpers/people.ts'

const audiences = [
  { followers: 10, inboxes: 5 },
  { followers: 1_000, inboxes: 300 },
  { followers: 10_000, inboxes: 3_000 }
]
const postsPerRepeat = 20

/** The answer to a new post, which must not depend on how many follow its author; what follows from it is a job. */
export async function publish(): Promise<void> {
  const bench = await startBenchInstance()
  const cases = []
  for (const [place, { followers, inboxes }] of audiences.entries()) {
    const { active, dormant } = await fill(bench.place, { authors: followers, posts: 0, newestAt: bench.ctx.clock.now(), hosts: inboxes })
    const person = await createPerson(bench.ctx, bench.app, `writer${place}`, 'person')
    await fillFollows(bench.place, [...active, ...dormant], [person.account.id])
    cases.push({
      name: `${followers} followers on ${inboxes} inboxes`,
      count: postsPerRepeat,
      async run(index: number) {
        const answer = await person.submit('/posts', {
          text: `A post number ${index} about the weather on the skerry.`,
          visibility: 'public'
        })
        if (answer.statusCode !== 303) throw new Error(`POST /posts answered ${answer.statusCode}`)
      }
    })
  }
  const results = await measure(cases)
  show('Answer to a new post', results)
  goal('answer to a post, 10k followers to 10', (results[2]?.wallMs ?? Number.NaN) / (results[0]?.wallMs ?? Number.NaN), 1.2)
  console.log(
    `  (${await bench.ctx.db.$count(activities)} activities and ${await bench.ctx.db.$count(deliveries)} deliveries were written meanwhile: none, since no worker runs)`
  )
  await bench.close()
}
