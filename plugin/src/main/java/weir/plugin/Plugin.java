package weir.plugin;

import java.util.List;

/**
 * Makes none, one or several events of each event of the projects that use it. A jar may hold
 * several; each has a public class with a public constructor without parameters, named in {@code
 * META-INF/services/weir.plugin.Plugin}.
 *
 * <p>What Weir promises:
 *
 * <ul>
 *   <li>{@link #open} comes first, once, then {@link #process} for one event after the other, all
 *       on one thread.
 *   <li>Each project that uses it has an instance of its own, in a process that no other project's
 *       plug-ins share. That process is started again when it ends, takes too long or too much
 *       memory, and when settings or jars change; so what is kept in fields may be gone with any
 *       event.
 *   <li>An event comes after all of Weir's own enrichments, and after the project's policy for
 *       addresses.
 *   <li>An event may come more than once: again after a process has ended in the middle. Only what
 *       is returned the last time counts. So the same event should give the same result.
 * </ul>
 *
 * <p>An event that {@link #process} throws at, or that ends the process or stalls it, becomes a bad
 * event that bears the plug-in's name and version. Other events go on.
 *
 * <p>A plug-in sees the JDK, this package and what its own jar holds, nothing else. What it prints
 * goes to Weir's log, some lines a second.
 */
public interface Plugin extends AutoCloseable {
  /** As settings, metrics and bad events name it: 1 to 40 of a-z, 0-9 and _, a letter first. */
  String name();

  /** Of this plug-in, such as 1.0.2; shown, and told with each bad event. At most 40 characters. */
  String version();

  /** What it does, in one sentence for people. */
  String description();

  /**
   * Prepares to process events. If it throws, the project's events become bad events until the
   * settings or the jar are mended.
   *
   * @param settings what the project has set for it
   */
  default void open(Settings settings) throws Exception {}

  /**
   * Makes events of one.
   *
   * @param event may be changed and returned
   * @return what becomes of it, in order; an empty list leaves it out, and counts it as dropped.
   *     The first keeps the event's id, the others get ids of their own, derived from it. Other
   *     events than the given one are made by {@link Event#copy} or {@link Event#named}
   */
  List<Event> process(Event event) throws Exception;

  /** Frees what {@link #open} took. Not called where the process has to be ended. */
  @Override
  default void close() throws Exception {}
}
