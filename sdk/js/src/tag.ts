import { features } from './features/index.ts'
import { startFromTag } from './script.ts'

startFromTag(features)
