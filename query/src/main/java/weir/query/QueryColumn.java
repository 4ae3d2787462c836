package weir.query;

import java.util.Objects;

/** A column of a result: its name, and its type as the engine's dialect writes it. */
public record QueryColumn(String name, String type) {
  public QueryColumn {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
