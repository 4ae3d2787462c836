/** HTTP front door: authenticate, check, append to the raw log, only then answer 200. */
@org.jspecify.annotations.NullMarked
package weir.collect;
