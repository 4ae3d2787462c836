package weir.log;

import weir.event.Position;

/** How an append ended, when it ended with certainty. */
public sealed interface Appended {
  /**
   * All frames of the batch are durable, one after the other, with nothing between them.
   *
   * @param first the first frame's position
   * @param end the position after the last frame
   */
  record Stored(Position first, Position end) implements Appended {}

  /**
   * Nothing of the batch was stored, since the log's bound or the disk's reserve is near. May be
   * tried again once the log's holders have released something.
   */
  record Full(String why) implements Appended {}
}
