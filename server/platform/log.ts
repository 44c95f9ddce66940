import { type Bindings, type DestinationStream, type Logger, pino } from 'pino'
import { cleanError, cleanFields, cleanLogText, cleanValue } from '#server/platform/log-cleaning.ts'

/**
 * The log of a process: one line of JSON an event, to standard output (or `destination`, for tests). Whatever is handed in, no
 * line holds a secret, a line break or a control character, and no text in it is longer than the bound of log-cleaning.ts.
 * `level` is one of the configuration's.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: cleanFields
      },
      serializers: { err: cleanError, error: cleanError, req: requestFields, res: replyFields },
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((part) => (typeof part === 'string' ? cleanLogText(part) : part)) as typeof args)
        }
      }
    },
    destination ?? pino.destination({ fd: 1, sync: true })
  )
  // pino has no formatter for what a child log carries along; children inherit this method, so theirs are clean too.
  const child = log.child
  log.child = function (this: Logger, bindings: Bindings, options?: object) {
    return child.call(this, cleanFields(bindings), options)
  } as typeof child
  return log
}

/**
 * Gives each request a short name for the log: `<prefix>-1`, `<prefix>-2`, …. The prefix tells processes and starts apart. What a
 * client or proxy sends as its own id is not taken over: it could name somebody else's request.
 */
export function createRequestIds(prefix: string): () => string {
  let last = 0
  return () => `${prefix}-${(++last).toString(36)}`
}

interface LoggedRequest {
  method?: string
  url?: string
  host?: string
  ip?: string
  headers?: Record<string, unknown>
}

function requestFields(request: LoggedRequest) {
  return {
    method: cleanValue(request.method),
    url: cleanValue(request.url),
    host: cleanValue(request.host),
    ip: cleanValue(request.ip),
    userAgent: cleanValue(request.headers?.['user-agent'])
  }
}

function replyFields(reply: { statusCode?: number }) {
  return { status: reply.statusCode }
}
