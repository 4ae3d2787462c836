package weir.query.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Lets through one SELECT that names only what a user may name.
 *
 * <p>In order: size, nesting and number of statements, by a scanner that does not recurse; then the
 * engine's parser; then its tree, node by node, against lists of what is allowed. What a newer
 * engine adds to its language is refused until somebody has read about it.
 */
public final class SqlGateway {
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(100_000)
                      .maxStringLength(1 << 20)
                      .build())
              .build());

  private SqlGateway() {}

  /**
   * Checks a statement.
   *
   * @throws SqlRefusedException if it must not run
   * @throws SQLException if the parser could not be asked
   */
  public static CheckedSql check(String sql, SqlParser parser)
      throws SqlRefusedException, SQLException {
    return check(sql, parser, Set.of());
  }

  /**
   * Checks a statement.
   *
   * @param moreFunctions that it may call, folded as {@link SqlName} does
   * @throws SqlRefusedException if it must not run
   * @throws SQLException if the parser could not be asked
   */
  public static CheckedSql check(String sql, SqlParser parser, Set<String> moreFunctions)
      throws SqlRefusedException, SQLException {
    SqlCommands command = SqlCommands.of(SqlScanner.statement(sql));
    ScannedSql scanned = command.statement();
    JsonNode root = read(parser.parse(scanned.text()));
    if (root.path("error").asBoolean(true)) {
      throw parserError(scanned, root);
    }
    JsonNode statements = root.path("statements");
    if (statements.size() != 1) {
      throw SqlRefusedException.notAllowed("exactly one statement is allowed", Optional.empty());
    }
    SqlTree tree = new SqlTree(scanned, moreFunctions);
    tree.walk(statements.get(0));
    String text = InformationSchema.replaced(scanned, tree.catalogBytes());
    return new CheckedSql(
        sql,
        text,
        scanned.offset(),
        tree.tables(),
        tree.catalog(),
        tree.seesWholeRows(),
        command.explains());
  }

  private static JsonNode read(String tree) throws SQLException {
    try {
      return JSON.readTree(tree);
    } catch (JsonProcessingException e) {
      throw new SQLException("the parser's tree cannot be read", e);
    }
  }

  private static SqlRefusedException parserError(ScannedSql scanned, JsonNode root) {
    String message = root.path("error_message").asText("the statement cannot be parsed");
    if (message.startsWith("Only SELECT statements")) {
      boolean pivots = scanned.text().toLowerCase(Locale.ROOT).contains("pivot");
      return SqlRefusedException.notAllowed(
          pivots
              ? "PIVOT must say which values become columns, as in PIVOT t ON x IN ('a', 'b') USING"
                  + " count(*); select distinct x from t lists them"
              : "only SELECT statements are allowed, EXPLAIN of one, DESCRIBE, SUMMARIZE and SHOW"
                  + " TABLES",
          Optional.empty());
    }
    JsonNode position = root.path("position");
    Optional<SqlPlace> place =
        position.isMissingNode() ? Optional.empty() : scanned.place(position.asLong(-1));
    return SqlRefusedException.invalid(message, place);
  }
}
