package weir.query.hottail;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import weir.event.Positions;
import weir.lake.LakeColumn;
import weir.lake.LakeSnapshot;
import weir.lake.reading.LakeReader;

/** What a tail has to know of the lake. */
public interface LakeState {
  /**
   * How far a project's tables hold everything.
   *
   * @param eventColumns the columns of {@code events}
   */
  record Committed(Positions events, Positions badEvents, List<LakeColumn> eventColumns) {
    public Committed {
      Objects.requireNonNull(events, "events");
      Objects.requireNonNull(badEvents, "badEvents");
      eventColumns = List.copyOf(eventColumns);
    }
  }

  Committed committed(String project) throws IOException;

  /** A number that is another one after a commit; may also change without. */
  long revision() throws IOException;

  /** A lake on a disk. */
  static LakeState of(LakeReader reader) {
    return new LakeState() {
      @Override
      public Committed committed(String project) throws IOException {
        LakeSnapshot snapshot = reader.snapshot(project);
        return new Committed(
            snapshot.events().position(),
            snapshot.badEvents().position(),
            snapshot.events().columns());
      }

      @Override
      public long revision() throws IOException {
        return reader.revision();
      }
    };
  }
}
