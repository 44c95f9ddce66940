/** What goes out to other servers, by what happened here; server/reactions.ts says which follows from which. */
export { sendActorDelete, sendActorUpdate, sendEndOfSuspension, sendSuspension } from '#server/federation/outbound/actors.ts'
export {
  sendAccept,
  sendAcceptOfReceived,
  sendBlock,
  sendFollow,
  sendReject,
  sendUndoBlock,
  sendUndoFollow
} from '#server/federation/outbound/follows.ts'
export { sendAnnounce, sendLike, sendUndoAnnounce, sendUndoLike } from '#server/federation/outbound/interactions.ts'
export { sendCreate, sendDelete, sendUpdate } from '#server/federation/outbound/posts.ts'
