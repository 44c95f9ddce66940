import type pg from 'pg'
import { dumpedSchemas } from '#db/dialects/postgres/dump.ts'

/** What our migrations can have made, and how each is dropped; an extension's parts are left to it. */
const kinds: { find: string; drop: string }[] = [
  { find: relations(`'r', 'p'`), drop: 'table' },
  { find: relations(`'v'`), drop: 'view' },
  { find: relations(`'S'`), drop: 'sequence' },
  {
    find: `select x.oid::regprocedure::text as name from pg_proc x join pg_namespace n on n.oid = x.pronamespace
           where n.nspname = any($1) and x.prokind = 'f' and ${isOurs('pg_proc')}`,
    drop: 'function'
  },
  {
    find: `select format('%I.%I', n.nspname, x.typname) as name from pg_type x join pg_namespace n on n.oid = x.typnamespace
           where n.nspname = any($1) and x.typtype in ('e', 'd') and ${isOurs('pg_type')}`,
    drop: 'type'
  },
  {
    find: `select format('%I.%I', n.nspname, x.cfgname) as name from pg_ts_config x join pg_namespace n on n.oid = x.cfgnamespace
           where n.nspname = any($1) and ${isOurs('pg_ts_config')}`,
    drop: 'text search configuration'
  }
]

/** Drops all that is ours in a database, in the caller's transaction; the database itself and its extensions stay. */
export async function emptyPostgres(client: pg.Client): Promise<void> {
  for (const { find, drop } of kinds) {
    const { rows } = await client.query<{ name: string }>(find, [dumpedSchemas])
    for (const { name } of rows) await client.query(`drop ${drop} if exists ${name} cascade`)
  }
}

function relations(relkinds: string): string {
  return `select format('%I.%I', n.nspname, x.relname) as name from pg_class x join pg_namespace n on n.oid = x.relnamespace
          where n.nspname = any($1) and x.relkind in (${relkinds}) and ${isOurs('pg_class')}`
}

function isOurs(catalogue: string): string {
  return `not exists (select 1 from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = x.oid and d.deptype = 'e')`
}
