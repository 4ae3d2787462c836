package weir.query;

import java.util.Objects;

/** A query; who may see other things does not see it. */
public record QueryKey(Access access, String id) {
  public QueryKey {
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(id, "id");
  }
}
