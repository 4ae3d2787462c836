package weir.log;

import weir.event.Position;

/** What a reader meets. */
public sealed interface LogEntry {
  /** The partition that it is of. */
  int partition();

  /** Where it begins. */
  Position position();

  /** Where reading goes on after it. */
  Position next();

  /** How many bytes it holds. */
  int length();

  /** A frame as it was appended. The array is the reader's caller's to keep. */
  record Frame(int partition, Position position, Position next, byte[] payload)
      implements LogEntry {
    @Override
    public int length() {
      return payload.length;
    }
  }

  /**
   * A stretch that was durable once and is broken now (a flipped bit, a lost sector). Its frames
   * cannot be had; the log goes on at {@code next}. Never answered for a torn tail, which was never
   * durable.
   */
  record Damaged(int partition, Position position, Position next, byte[] bytes)
      implements LogEntry {
    @Override
    public int length() {
      return bytes.length;
    }
  }
}
