/**
 * The id that was drawn for a row stands already, as another row's: whoever runs the transaction runs its body again, which draws others. Databases say so by
 * themselves, except to an insert that passes conflicts over. Such an insert therefore names the columns that it is once by; where it cannot (two unique indexes,
 * or one with a condition), whoever finds nothing written, and no row that it was once by, throws this. What is passed over is a write that was acknowledged.
 */
export class IdTaken extends Error {
  override readonly name = 'IdTaken'

  constructor() {
    super('Another row has the id that was drawn.')
  }
}
