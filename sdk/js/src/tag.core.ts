import { startFromTag } from './script.ts'

startFromTag([])
