package weir.query.tables;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import weir.event.EventColumn;
import weir.event.ProjectProperties;
import weir.query.QueryException;
import weir.query.identity.IdentityFact;
import weir.query.session.DuckSession;
import weir.query.sql.ParquetSql;
import weir.query.sql.PropertySql;

/** Finds what identify and alias events say of who is one person with whom. */
final class IdentityFacts {
  /** The events that may hold any. */
  static final Set<String> EVENTS = Set.of("identified", "_profile_set", "aliased");

  private static final String PREVIOUS = "previousId";
  private static final List<String> COLUMNS =
      Stream.of(
              EventColumn.EVENT,
              EventColumn.KIND,
              EventColumn.ANONYMOUS_ID,
              EventColumn.USER_ID,
              EventColumn.PROPERTIES,
              EventColumn.RAW_POSITION)
          .map(EventColumn::columnName)
          .toList();

  private IdentityFacts() {}

  /** All facts in some rows, in the order of their positions. */
  static List<IdentityFact> read(DuckSession session, EventRows rows, ProjectProperties properties)
      throws QueryException {
    List<IdentityFact> facts = new ArrayList<>();
    if (!rows.columns().containsKey(EventColumn.KIND.columnName())) {
      return facts;
    }
    Optional<String> previous =
        properties.exactPlace(PREVIOUS, rows.columns()::containsKey).column();
    Set<String> names = new HashSet<>(COLUMNS);
    previous.ifPresent(names::add);
    names.retainAll(rows.columns().keySet());
    UnaryOperator<String> value =
        column -> names.contains(column) ? ParquetSql.name(column) : "CAST(NULL AS VARCHAR)";
    session.query(
        "SELECT kind, %s, %s, CASE kind WHEN 'alias' THEN coalesce(%s, CAST(%s AS VARCHAR))"
                .concat(" END, _raw_position FROM (%s)")
                .formatted(
                    value.apply("anonymous_id"),
                    value.apply("user_id"),
                    names.contains(PropertySql.JSON) ? PropertySql.text(PREVIOUS) : "NULL",
                    previous.map(value).orElse("NULL"),
                    rows.select(names, EVENTS))
            + " WHERE kind IN ('identify', 'alias')",
        row -> {
          boolean alias = row.getString(1).equals("alias");
          String anonymous = row.getString(2);
          String user = row.getString(3);
          String id = alias && row.getString(4) != null ? row.getString(4) : anonymous;
          if (id != null && user != null) {
            IdentityFact.Kind kind = alias ? IdentityFact.Kind.ALIAS : IdentityFact.Kind.IDENTIFY;
            facts.add(new IdentityFact(row.getString(5), kind, id, user));
          }
        });
    facts.sort(Comparator.comparing(IdentityFact::position));
    return facts;
  }
}
