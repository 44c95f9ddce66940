/** The configuration cannot be used; the message is one sentence that says where it is wrong and what to write in its place. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
