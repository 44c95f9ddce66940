/** Imported for its effect: this process speaks PostgreSQL (`node --import`, drizzle-kit). */
import { chooseDialect } from '#db/dialect.ts'

chooseDialect('postgres')
