import type { Matrix } from '#test/interop/matrix.ts'
import type { Skerry } from '#test/interop/skerry.ts'
import type { Snac } from '#test/interop/snac.ts'

export async function runScenario(matrix: Matrix, skerry: Skerry, snac: Snac): Promise<void> {
  const ada = await skerry.signUp('ada')
  const bo = await skerry.signUp('bo')
  const sam = await snac.addUser('sam')
  await matrix.check('resolve handle', 'Skerry → snac', async () => {
    await ada.reads(`/search?q=${encodeURIComponent(sam.handle)}`, /@sam@snac\.example/)
  })
  await matrix.check('resolve handle', 'snac → Skerry', async () => (await sam.run('webfinger_s', ada.handle)).trim().split('\n').join(' '))
}
