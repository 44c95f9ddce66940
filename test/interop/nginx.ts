import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Certificates } from '#test/interop/certificates.ts'
import type { PackageTree } from '#test/interop/debian-packages.ts'

export interface Site {
  name: string
  address: string
  /** Port of 127.0.0.1 behind it. */
  port: number
}

/** One nginx in front of all sites, with TLS and HTTP/2, as an operator would write it. Each request is a line of `access.log` in `dir`. */
export function startNginx(tree: PackageTree, dir: string, certificates: Certificates, sites: readonly Site[]): ChildProcess {
  mkdirSync(dir)
  const file = join(dir, 'nginx.conf')
  writeFileSync(file, configOf(dir, certificates, sites))
  const [program = '', ...before] = tree.command('usr/sbin/nginx')
  return spawn(program, [...before, '-c', file, '-p', dir], { stdio: ['ignore', 'inherit', 'inherit'] })
}

function configOf(dir: string, certificates: Certificates, sites: readonly Site[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(dir, name)};`)
  return `
daemon off;
user root;
worker_processes 1;
pid ${join(dir, 'nginx.pid')};
error_log ${join(dir, 'error.log')} warn;
events { worker_connections 512; }
http {
  ${temporary.join('\n  ')}
  log_format told '$time_iso8601 $host "$request" $status $body_bytes_sent "$http_accept" "$http_user_agent"';
  access_log ${join(dir, 'access.log')} told;
  client_max_body_size 20m;
${sites.map((site) => serverOf(site, certificates)).join('\n')}
}
`
}

function serverOf({ name, address, port }: Site, certificates: Certificates): string {
  const { certificate, key } = certificates.certificateOf(name)
  return `
  server {
    listen ${address}:443 ssl;
    http2 on;
    server_name ${name};
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto https;
    }
  }`
}
