import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { type Stage, type Theatre, openTheatre } from '#test/federation/histories/stage.ts'
import { miscounted, stateOf } from '#test/federation/histories/state.ts'
import { arrivalOf, type Sending, stepsOf } from '#test/federation/histories/steps.ts'
import { type Arrival, arrivals, histories, type Story } from '#test/federation/histories/stories.ts'
import type { SignedPost } from '#test/helpers/remote.ts'

/** Plays so many random histories, each once in order and once as it might arrive: in the end both are the same. */
export async function converge(t: TestContext, { runs, seed }: { runs: number; seed?: number }): Promise<void> {
  const theatre = await openTheatre(t)
  const property = fc.asyncProperty(histories, arrivals, async (stories, arrival) => {
    const inOrder = await play(theatre, stories)
    const asArrived = await play(theatre, stories, arrival)
    assert.deepEqual(asArrived, inOrder)
  })
  await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
}

async function play(theatre: Theatre, stories: readonly Story[], arrival?: Arrival): Promise<Record<string, unknown[]>> {
  const { instance } = theatre
  const stage = await theatre.setStage()
  const steps = stepsOf(stories, stage)
  const batches = arrival ? arrivalOf(steps, arrival) : steps.map((step, at): Sending[] => [{ step, signing: String(at) }])
  await deliver(theatre, stage, batches, arrival?.runsJobs ?? false)
  await instance.runJobs()
  assert.deepEqual(await miscounted(instance), [])
  return stateOf(instance, stage)
}

async function deliver(theatre: Theatre, stage: Stage, batches: readonly Sending[][], runsJobs: boolean): Promise<void> {
  const signed = new Map<string, SignedPost>()
  for (const batch of batches) {
    const answers = await Promise.all(
      batch.map(({ step, signing }) => {
        // Signed anew within the same second, the same words have the same signature.
        const date = new Date(theatre.instance.clock.now() - 1_000 * Number(signing.split('-')[1] ?? 0))
        const post = signed.get(signing) ?? step.actor.sign(step.activity, { date })
        signed.set(signing, post)
        return theatre.servers[stage.actors.indexOf(step.actor) < 2 ? 0 : 1].post(post)
      })
    )
    for (const [at, answer] of answers.entries())
      assert.equal(answer.status, 202, `${JSON.stringify(batch[at]?.step.activity)}: ${answer.text}`)
    if (runsJobs) await theatre.instance.runJobs()
  }
}
