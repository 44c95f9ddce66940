/** For routes whose address has a page too: whoever asks for ActivityPub gets the document. */
export const forPeers = { constraints: { accept: 'activity' }, config: { access: 'peer' } } as const
