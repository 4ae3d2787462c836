package weir.tap;

/** Takes what a stream brings. Called by the stream's threads: must not block. */
public interface Subscriber {
  /** Whether it can take more now; asked again soon if not. */
  boolean ready();

  /** Takes events that follow those before. */
  void accept(Chunk chunk);

  /** Nothing has come for a while: tells whoever waits that the stream is alive. */
  void alive();

  /**
   * The stream ends: what the subscriber has not read was given back by the log, or cannot be read.
   *
   * @param released whether it was given back
   */
  void ended(boolean released);
}
