import type { FastifyRequest } from 'fastify'
import { withoutDirectionControls } from '#server/platform/clean-text.ts'
import type { Browser } from '#server/sign-in/sessions.ts'

const userAgentCharactersMax = 300

/** What a session remembers of the browser that asks. */
export function browserOf(request: FastifyRequest): Browser {
  const userAgent = withoutDirectionControls(String(request.headers['user-agent'] ?? '')).replace(/\p{Cc}/gu, ' ')
  return { userAgent: userAgent.slice(0, userAgentCharactersMax), address: request.ip }
}
