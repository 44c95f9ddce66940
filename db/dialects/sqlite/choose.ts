/** Imported for its effect: this process speaks SQLite (drizzle-kit). */
import { chooseDialect } from '#db/dialect.ts'

chooseDialect('sqlite')
