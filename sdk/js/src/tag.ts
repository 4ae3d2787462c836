import { features } from './features/index.js'
import { startFromTag } from './script.js'

startFromTag(features)
