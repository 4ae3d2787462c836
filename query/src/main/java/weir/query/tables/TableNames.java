package weir.query.tables;

import java.util.Set;

/** Names that mean a table of every project. */
public final class TableNames {
  /** Those of this version, and of a later one: so no event's view takes them. */
  private static final Set<String> SYSTEM =
      Set.of(
          "events",
          "bad_events",
          "ledger",
          Users.NAME,
          "identities",
          Sessions.NAME,
          Items.NAME,
          "event_catalog",
          "property_catalog",
          "materialized",
          "continuous");

  private TableNames() {}

  public static Set<String> system() {
    return SYSTEM;
  }

  /** Whether no table that users store can have a name, whatever its letters are. */
  public static boolean isSystem(String name) {
    return SYSTEM.contains(name)
        || name.startsWith("pg_")
        || name.startsWith("weir_")
        || name.startsWith("information_schema");
  }
}
