declare module 'http-signature' {
  export interface ParsedSignature {
    scheme: string
    params: { keyId: string; algorithm: string; headers: string[]; signature: string; created?: number; expires?: number }
    signingString: string
    algorithm: string
    keyId: string
  }
  interface RequestLike {
    method: string
    url: string
    headers: Record<string, string | undefined>
    httpVersion?: string
  }
  interface Signable {
    getHeader(name: string): string | undefined
    setHeader(name: string, value: string): void
    method: string
    path: string
  }
  const httpSignature: {
    parseRequest(
      request: RequestLike,
      options?: { clockSkew?: number; headers?: string[]; authorizationHeaderName?: string; strict?: boolean }
    ): ParsedSignature
    signRequest(
      request: Signable,
      options: {
        keyId: string
        key: string | Buffer
        headers?: string[]
        algorithm?: string
        httpVersion?: string
        authorizationHeaderName?: string
        keyPassphrase?: string
        expiresIn?: number
        hideAlgorithm?: boolean
        opaque?: string
      }
    ): boolean
    verifySignature(parsed: ParsedSignature, pem: string): boolean
  }
  export default httpSignature
}
