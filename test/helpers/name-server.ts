import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** A name server of a few lines: A records from a table, the first list for the first question and so on; NXDOMAIN for the rest. */
export async function startNameServer(t: TestContext, names: Record<string, string[][]>): Promise<string> {
  const socket = createSocket('udp4')
  const questions = new Map<string, number>()
  socket.on('message', (message, from) => {
    const labels: string[] = []
    let at = 12
    for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
      labels.push(message.toString('latin1', at + 1, at + 1 + length))
      at += length + 1
    }
    const name = labels.join('.').toLowerCase()
    const answers = names[name]
    const isA = message.readUInt16BE(at + 1) === 1
    const turn = questions.get(name) ?? 0
    if (isA) questions.set(name, turn + 1)
    const addresses = isA ? (answers?.[Math.min(turn, answers.length - 1)] ?? []) : []
    const header = Buffer.from([
      message[0] ?? 0,
      message[1] ?? 0,
      0x81,
      answers === undefined ? 0x83 : 0x80,
      0,
      1,
      0,
      addresses.length,
      0,
      0,
      0,
      0
    ])
    const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]))
    socket.send(Buffer.concat([header, message.subarray(12, at + 5), ...records]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  t.after(() => socket.close())
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`
}
