declare module 'json-canon' {
  /** JSON in its canonical form (RFC 8785). */
  export default function serialize(value: unknown): string
}
