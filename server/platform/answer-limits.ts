import type { Socket } from 'node:net'
import { HttpError } from '#server/platform/http-error.ts'

/** What an answer may take besides its body: its head, interim answers, the frames of chunks. */
const besidesBytes = 262_144

/** The answers expected from one origin at this moment, and how much its connections may bring because of them. */
export interface AnswerLimits {
  /** Expects an answer with a body of so many bytes while `work` lasts. */
  during<T>(bodyBytesMax: number, work: () => Promise<T>): Promise<T>
  /** Ends a connection that brings more for one request than any answer expected. */
  watch(socket: Socket): void
}

/**
 * Bounds what comes over the wire, which limits on heads and bodies do not: interim answers and the extensions of chunks are thrown away by whoever
 * parses them, and so could come without end. A request was written since the last look when more bytes were.
 */
export function createAnswerLimits(): AnswerLimits {
  const expected: number[] = []
  // Chunks of a few bytes each come with frames of as many again.
  const bytesMax = () => 2 * Math.max(0, ...expected) + besidesBytes

  return {
    async during(bodyBytesMax, work) {
      expected.push(bodyBytesMax)
      try {
        return await work()
      } finally {
        expected.splice(expected.indexOf(bodyBytesMax), 1)
      }
    },
    watch(socket) {
      let written = socket.bytesWritten
      let seen = socket.bytesRead
      let before = seen
      socket.on('readable', () => {
        if (socket.bytesWritten !== written) {
          written = socket.bytesWritten
          before = seen
        }
        seen = socket.bytesRead
        if (seen - before > bytesMax()) socket.destroy(new HttpError('too-large', `More than ${bytesMax()} bytes came for one request.`))
      })
    }
  }
}
