package weir.query.identity;

import java.util.Objects;

/**
 * That somebody said that two ids are one person's, or, where they are the same, that an id is a
 * person of its own.
 *
 * @param position where in the raw log, as text that sorts as positions do
 * @param kind by which call
 * @param id the other id: anonymous, or a previous one
 * @param user the known user
 */
public record IdentityFact(String position, Kind kind, String id, String user) {
  /** How a fact was said. */
  public enum Kind {
    IDENTIFY,
    ALIAS
  }

  public IdentityFact {
    Objects.requireNonNull(position, "position");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(user, "user");
  }
}
