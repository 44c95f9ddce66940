/** Why a document of another server was not read or not believed. */
export class FetchFault extends Error {
  override readonly name = 'FetchFault'
  /** Its server says it is not there (404) or not any more (410). */
  readonly isGone: boolean
  /** It is gone, and its server says that it was there (410). */
  readonly isBuried: boolean
  /** Asking again later may help. */
  readonly isTemporary: boolean
  /** What its server answered, when it answered something else than the document. */
  readonly status: number | undefined

  constructor(
    message: string,
    {
      isGone = false,
      isBuried = false,
      isTemporary = false,
      status,
      cause
    }: { isGone?: boolean; isBuried?: boolean; isTemporary?: boolean; status?: number; cause?: unknown } = {}
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.isGone = isGone
    this.isBuried = isBuried
    this.isTemporary = isTemporary
    this.status = status
  }
}
