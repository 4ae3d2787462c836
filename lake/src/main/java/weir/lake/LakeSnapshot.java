package weir.lake;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a project's tables hold, each at one commit of its own. The tables commit separately, so
 * their positions may differ.
 */
public record LakeSnapshot(String project, LakeTable events, LakeTable badEvents, Stored stored) {
  public LakeSnapshot {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(events, "events");
    Objects.requireNonNull(badEvents, "badEvents");
    Objects.requireNonNull(stored, "stored");
  }

  /** One without stored tables. */
  public LakeSnapshot(String project, LakeTable events, LakeTable badEvents) {
    this(project, events, badEvents, Stored.NONE);
  }

  /** The tables that users store: read when they are asked for, so that others cost nothing. */
  public interface Stored {
    Stored NONE =
        new Stored() {
          @Override
          public Set<String> names() {
            return Set.of();
          }

          @Override
          public Optional<StoredTable> find(String name) {
            return Optional.empty();
          }

          @Override
          public List<StoredTable> all() {
            return List.of();
          }
        };

    /** The names that are taken. */
    Set<String> names() throws IOException;

    /** The table of a name; the same one each time. */
    Optional<StoredTable> find(String name) throws IOException;

    /** All tables, by name. */
    List<StoredTable> all() throws IOException;
  }
}
