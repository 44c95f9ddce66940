import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * The configuration that the other server reads: one robot that writes down all that comes to it and does what it is told by POST on a port of 127.0.0.1,
 * by the names of the methods that the server gives its robots.
 */
const { ROBOTS_LIBRARY = '', ROBOTS_PORT = '0' } = process.env
const { default: Bot } = await import(pathToFileURL(join(ROBOTS_LIBRARY, 'lib/bot.js')).href)

const heard = []

class Robot extends Bot {
  get fullname() {
    return 'Robin'
  }

  get description() {
    return 'Writes down what it hears.'
  }

  async handleActivity(activity) {
    heard.push(await activity.export())
    return false
  }

  context() {
    return this._context
  }
}

const robin = new Robot('robin')

/** Objects are named by `{ "at": address }` and read as the robot reads them. */
const read = (value) => (typeof value === 'object' && typeof value?.at === 'string' ? robin.context().getObject(value.at) : value)

createServer(async (request, response) => {
  try {
    let body = ''
    for await (const chunk of request) body += chunk
    const method = (request.url ?? '/').slice(1)
    const args = await Promise.all((body === '' ? [] : JSON.parse(body)).map(read))
    const result = method === 'heard' ? heard : await robin.context()[method](...args)
    response.end(JSON.stringify(typeof result?.export === 'function' ? await result.export() : (result ?? null)))
  } catch (error) {
    response.writeHead(500).end(String(error?.stack ?? error))
  }
}).listen(Number(ROBOTS_PORT), '127.0.0.1')

export default { robin }
