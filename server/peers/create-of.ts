/** Id of the Create that first tells of a post of ours: it hangs on the post's own. Pure. */
export function createOf(postUri: string): string {
  return `${postUri}#create`
}
