package weir.query.duckdb;

import org.jspecify.annotations.Nullable;
import weir.query.QueryException;
import weir.query.QueryStats;
import weir.query.session.DuckSession;
import weir.query.sql.CheckedSql;
import weir.query.tables.ProjectViews;

/**
 * A checked statement whose tables are made, and what is to be given back after it. Used by one
 * thread.
 */
final class PreparedQuery implements AutoCloseable {
  private final CheckedSql sql;
  private final QueryStats stats;
  private final Room made;
  private final @Nullable ProjectViews views;
  private final @Nullable Sealing sealing;
  private @Nullable Room sealed;
  private boolean isWide;

  /** A connection, and the instance that it holds. */
  record Room(OpenProjects.Lease lease, DuckSession session) {
    void close() {
      session.close();
      lease.close(session.broken());
    }
  }

  /** Sets apart what is made for a statement. */
  interface Sealing {
    Room seal(Room made) throws QueryException;
  }

  /**
   * A statement whose tables are there.
   *
   * @param made where they are
   * @param views that made them; null if it names none
   * @param sealing sets them apart, for the statement to run there; null if it may run where they
   *     are made
   */
  PreparedQuery(
      CheckedSql sql,
      QueryStats stats,
      Room made,
      @Nullable ProjectViews views,
      @Nullable Sealing sealing)
      throws QueryException {
    this.sql = sql;
    this.stats = stats;
    this.made = made;
    this.views = views;
    this.sealing = sealing;
    this.isWide = sql.wholeRows();
    seal();
  }

  private void seal() throws QueryException {
    if (sealing != null) {
      sealed = sealing.seal(made);
    }
  }

  CheckedSql sql() {
    return sql;
  }

  QueryStats stats() {
    return stats;
  }

  /** Where the user's text is to be bound and run. */
  DuckSession session() {
    return sealed == null ? made.session() : sealed.session();
  }

  /** Gives the views all columns, unless they have them; answers whether they had not. */
  boolean widen() throws QueryException {
    if (isWide || views == null) {
      return false;
    }
    isWide = true;
    views.widen(sql);
    if (sealed != null) {
      sealed.close();
      sealed = null;
    }
    seal();
    return true;
  }

  /** Gives back what a statement does not need once it runs. */
  void bound() {
    if (sealed != null) {
      made.close();
    }
  }

  @Override
  public void close() {
    if (sealed != null) {
      sealed.close();
    }
    made.close();
  }
}
