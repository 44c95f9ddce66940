import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const prefix = 'skerry_'

/** Upper bounds of what requests and jobs take, in seconds, as Prometheus wants them. */
const secondsBuckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]

/**
 * The counts and gauges of one instance, in the words of Prometheus. Asking for a name again gives the same one, so that each
 * part names what it counts where it counts it. Names get the prefix `skerry_`; labels must be of few values (never an account, a
 * host or a path that a stranger can choose).
 */
export interface Metrics {
  counter<L extends string = string>(name: string, help: string, labels?: readonly L[]): Counter<L>
  /** `read` is asked for the value at each scrape. */
  gauge<L extends string = string>(
    name: string,
    help: string,
    labels?: readonly L[],
    read?: (gauge: Gauge<L>) => void | Promise<void>
  ): Gauge<L>
  /** Durations in seconds. */
  timer<L extends string = string>(name: string, help: string, labels?: readonly L[]): Histogram<L>
  /** Adds what Node says of itself (memory, event loop, garbage collection, open files). Once a process: it installs observers. */
  watchProcess(): void
  /** What /metrics answers. */
  render(): Promise<{ contentType: string; text: string }>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const known = new Map<string, unknown>()
  const once = <T>(name: string, create: () => T): T => {
    if (!known.has(name)) known.set(name, create())
    return known.get(name) as T
  }
  return {
    counter(name, help, labels = []) {
      return once(name, () => new Counter({ name: prefix + name, help, labelNames: [...labels], registers: [registry] }))
    },
    gauge(name, help, labels = [], read) {
      return once(name, () => createGauge(registry, name, help, [...labels], read))
    },
    timer(name, help, labels = []) {
      return once(
        name,
        () => new Histogram({ name: prefix + name, help, labelNames: [...labels], buckets: secondsBuckets, registers: [registry] })
      )
    },
    watchProcess() {
      once('process', () => collectDefaultMetrics({ register: registry }))
    },
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() }
    }
  }
}

function createGauge<L extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: L[],
  read: ((gauge: Gauge<L>) => void | Promise<void>) | undefined
): Gauge<L> {
  const gauge: Gauge<L> = new Gauge({
    name: prefix + name,
    help,
    labelNames,
    registers: [registry],
    collect: read && (() => read(gauge))
  })
  return gauge
}
