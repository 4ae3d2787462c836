package weir.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.event.Origin;

/** What events have added to the schema; to be committed before their frames. */
record SchemaGrowth(List<NewColumn> columns, List<InJson> inJson) {
  static final SchemaGrowth NONE = new SchemaGrowth(List.of(), List.of());

  /**
   * A column at its first sight.
   *
   * @param origin of the event that brought it
   */
  record NewColumn(PropertyColumn column, Origin origin) {}

  /**
   * A property that has a value in JSON for the first time.
   *
   * @param name empty says that not all further ones without a column are told
   */
  record InJson(String project, Optional<String> name) {}

  static SchemaGrowth empty() {
    return new SchemaGrowth(new ArrayList<>(), new ArrayList<>());
  }

  boolean isEmpty() {
    return columns.isEmpty() && inJson.isEmpty();
  }
}
