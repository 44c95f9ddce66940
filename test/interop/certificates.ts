import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NotPossible, type PackageTree } from '#test/interop/debian-packages.ts'

const days = '7'

export interface Certificates {
  /** The authority that both servers are told to trust, PEM. */
  readonly authority: string
  certificateOf(name: string): { certificate: string; key: string }
}

/** A private authority and one certificate of its for each name, as files in `dir`; they are good for a week, which is longer than any run. */
export function makeCertificates(tree: PackageTree, dir: string, names: readonly string[]): Certificates {
  const certificates = certificatesIn(dir)
  const { authority } = certificates
  const authorityKey = join(dir, 'authority.key')
  const config = join(dir, 'openssl.cnf')
  writeFileSync(config, '[req]\ndistinguished_name=dn\n[dn]\n')
  const openssl = (...args: string[]) => runOpenssl(tree, config, args)
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

  openssl('req', '-x509', ...ec, '-days', days, '-subj', '/CN=Interoperability authority', '-addext', 'basicConstraints=critical,CA:TRUE',
    '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', authorityKey, '-out', authority) // biome-ignore format: pairs stay together
  for (const name of names) {
    const { certificate, key } = certificates.certificateOf(name)
    openssl('req', '-x509', ...ec, '-days', days, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-addext',
      'basicConstraints=critical,CA:FALSE', '-CA', authority, '-CAkey', authorityKey, '-keyout', key, '-out', certificate) // biome-ignore format: pairs stay together
  }
  return certificates
}

/** Those that were made in a directory. */
export function certificatesIn(dir: string): Certificates {
  return {
    authority: join(dir, 'authority.pem'),
    certificateOf: (name) => ({ certificate: join(dir, `${name}.pem`), key: join(dir, `${name}.key`) })
  }
}

function runOpenssl(tree: PackageTree, config: string, args: string[]): void {
  const program = join(tree.root, 'usr/bin/openssl')
  if (!existsSync(program)) throw new NotPossible('The package openssl was not unpacked.')
  const [loader = '', ...before] = tree.command('usr/bin/openssl')
  execFileSync(loader, [...before, ...args], { env: { ...process.env, OPENSSL_CONF: config }, stdio: 'pipe' })
}
