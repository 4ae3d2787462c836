package weir.query;

import java.util.Objects;

/** A query of a project; projects do not see each other's. */
record QueryKey(String project, String id) {
  QueryKey {
    Objects.requireNonNull(project, "project");
    Objects.requireNonNull(id, "id");
  }
}
