package weir.query.tables;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import weir.event.ProjectProperties;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.identity.IdentityFact;
import weir.query.identity.Merges;
import weir.query.session.DuckSession;

/** Merges of a statement that sees other rows than the project's newest, found for it alone. */
final class OwnIdentities implements Identities {
  private static final String TABLE = "weir_own_identities";

  private final DuckSession session;
  private final EventRows rows;
  private final ProjectProperties properties;
  private final Merges merges = new Merges();
  private boolean made;

  OwnIdentities(DuckSession session, EventRows rows, ProjectProperties properties) {
    this.session = session;
    this.rows = rows;
    this.properties = properties;
  }

  @Override
  public String table() {
    return "temp.main." + TABLE;
  }

  @Override
  public boolean update() throws QueryException {
    if (!made) {
      List<IdentityFact> facts = IdentityFacts.read(session, rows, properties);
      facts.forEach(merges::apply);
      session.execute("CREATE TEMP TABLE " + TABLE + " (actor VARCHAR, person_id VARCHAR)");
      fill();
      made = true;
    }
    return !merges.all().isEmpty();
  }

  private void fill() throws QueryException {
    try (DuckDBAppender appender = session.connection().createAppender("temp", "main", TABLE)) {
      for (Map.Entry<String, String> merged : merges.all().entrySet()) {
        appender.beginRow().append(merged.getKey()).append(merged.getValue()).endRow();
      }
    } catch (SQLException e) {
      throw new QueryException(QueryError.INTERNAL, "merges cannot be kept", e);
    }
  }
}
