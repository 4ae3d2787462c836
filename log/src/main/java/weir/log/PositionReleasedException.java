package weir.log;

import java.io.IOException;
import weir.event.Position;

/** The position lies before the earliest one that the log still holds. */
public final class PositionReleasedException extends IOException {
  private static final long serialVersionUID = 1L;
  private final transient Position earliest;

  public PositionReleasedException(Position asked, Position earliest) {
    super("position " + asked + " was released; the earliest is " + earliest);
    this.earliest = earliest;
  }

  public Position earliest() {
    return earliest;
  }
}
