/** Imported for its effect: what this process and its children write below the temporary directory goes with the run (see scratch.ts). */
import { openScratch } from '#test/helpers/scratch.ts'

openScratch()
