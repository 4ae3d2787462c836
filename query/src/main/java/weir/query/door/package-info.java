/**
 * The query role's HTTP door: requests, their turns and ends, and results that wait to be fetched.
 */
@org.jspecify.annotations.NullMarked
package weir.query.door;
