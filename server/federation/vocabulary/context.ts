/** The context that every document has; activities and collections use nothing beyond it. */
export const activityStreams = 'https://www.w3.org/ns/activitystreams'

/**
 * The words of a proof (FEP-8b32), with the meaning they have in https://w3id.org/security/data-integrity/v1: readers that expand every document, and carry
 * that one not along, would have to load it before they can read any post of ours. That a proof is a graph of its own is left out: readers of JSON-LD 1.0
 * refuse a document that says so, and what is proven is the JSON as it stands.
 */
export const proofTerms = {
  sec: 'https://w3id.org/security#',
  proof: { '@id': 'sec:proof', '@type': '@id' },
  DataIntegrityProof: 'sec:DataIntegrityProof',
  cryptosuite: 'sec:cryptosuite',
  verificationMethod: { '@id': 'sec:verificationMethod', '@type': '@id' },
  proofPurpose: { '@id': 'sec:proofPurpose', '@type': '@vocab' },
  assertionMethod: { '@id': 'sec:assertionMethod', '@type': '@id', '@container': '@set' },
  proofValue: { '@id': 'sec:proofValue', '@type': 'sec:multibase' },
  created: { '@id': 'http://purl.org/dc/terms/created', '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' }
} as const

/** The collection that means everybody (ActivityPub, section 5.6). */
export const publicAudience = `${activityStreams}#Public`

/** How we ask for ActivityPub, and what an answer must be to be believed. */
export const activityJson = 'application/activity+json'
export const activityAccept = `${activityJson}, application/ld+json; profile="${activityStreams}"; q=0.9`
export const activityTypes = [activityJson, `application/ld+json; profile="${activityStreams}"`] as const
export const activityContentType = `${activityJson}; charset=utf-8`

/**
 * Terms are spelled out here rather than named by the URL of a context, so that a reader needs to load nothing that it does not
 * carry along anyway (ActivityStreams and security/v1 are bundled everywhere).
 */
export const postContext = [
  activityStreams,
  {
    toot: 'http://joinmastodon.org/ns#',
    focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag'
  }
] as const

/** The same with the word for how many voted. */
export const questionContext = [activityStreams, { ...postContext[1], votersCount: 'toot:votersCount' }] as const

export const actorContext = [
  activityStreams,
  'https://w3id.org/security/v1',
  {
    toot: 'http://joinmastodon.org/ns#',
    schema: 'http://schema.org#',
    sec: 'https://w3id.org/security#',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    movedTo: { '@id': 'as:movedTo', '@type': '@id' },
    alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
    attributionDomains: { '@id': 'toot:attributionDomains', '@container': '@set' },
    suspended: 'toot:suspended',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    assertionMethod: { '@id': 'sec:assertionMethod', '@type': '@id', '@container': '@set' },
    Multikey: 'sec:Multikey',
    controller: { '@id': 'sec:controller', '@type': '@id' },
    publicKeyMultibase: { '@id': 'sec:publicKeyMultibase', '@type': 'sec:multibase' },
    webfinger: { '@id': 'https://purl.archive.org/socialweb/webfinger#webfinger' }
  }
] as const
