import { startFromTag } from './script.js'

startFromTag({})
