/** Why a document of another server was not read or not believed. */
export class FetchFault extends Error {
  override readonly name = 'FetchFault'
  /** Its server says it is not there (404) or not any more (410). */
  readonly isGone: boolean
  /** Asking again later may help. */
  readonly isTemporary: boolean

  constructor(
    message: string,
    { isGone = false, isTemporary = false, cause }: { isGone?: boolean; isTemporary?: boolean; cause?: unknown } = {}
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.isGone = isGone
    this.isTemporary = isTemporary
  }
}
