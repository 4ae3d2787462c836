/**
 * Questions about behaviour: trends, funnels, retention, paths and sessions.
 *
 * <p>A question is read from JSON, becomes one SQL statement over {@code events} in the engine's
 * dialect, and is answered from its rows. So it sees what a user's own statement would see, and the
 * statement is part of the answer.
 */
@org.jspecify.annotations.NullMarked
package weir.query.insight;
