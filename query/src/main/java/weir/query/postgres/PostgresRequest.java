package weir.query.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import weir.query.Access;
import weir.query.Query;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryKey;
import weir.query.StatementTypes;
import weir.query.sql.SqlPlace;

/**
 * A statement that a client of PostgreSQL sent.
 *
 * @param sql in PostgreSQL's SQL
 * @param types object ids of the parameters, 0 where the client said none
 * @param parameters texts or nulls
 * @param binary whether each column is to be in binary; one for all, or none for text
 * @param settings of the client's session
 * @param promised object ids of the columns, if the client was told them before
 */
public record PostgresRequest(
    QueryKey key,
    String sql,
    List<Integer> types,
    List<@Nullable Object> parameters,
    List<Boolean> binary,
    List<Integer> promised,
    Map<String, String> settings) {
  private static final Set<String> UNKNOWN = Set.of("INVALID", StatementTypes.UNKNOWN);
  private static final List<PostgresType> OTHER_GUESSES =
      List.of(PostgresType.FLOAT8, PostgresType.INT4, PostgresType.TIMESTAMPTZ, PostgresType.DATE);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads the body of a request. */
  public static PostgresRequest parse(Access access, byte[] body) throws QueryException {
    JsonNode root;
    try {
      root = JSON.readTree(body);
    } catch (IOException e) {
      throw new QueryException(QueryError.INVALID_REQUEST, "the body is not JSON", e);
    }
    List<Integer> types = new ArrayList<>();
    List<@Nullable Object> parameters = new ArrayList<>();
    root.path("types").forEach(type -> types.add(type.asInt()));
    root.path("parameters")
        .forEach(value -> parameters.add(value.isNull() ? null : value.asText()));
    List<Boolean> binary = new ArrayList<>();
    root.path("binary").forEach(flag -> binary.add(flag.asBoolean()));
    List<Integer> promised = new ArrayList<>();
    root.path("promised").forEach(oid -> promised.add(oid.asInt()));
    Map<String, String> settings = new TreeMap<>();
    root.path("settings")
        .properties()
        .forEach(set -> settings.put(set.getKey(), set.getValue().asText()));
    return new PostgresRequest(
        new QueryKey(access, root.path("id").asText()),
        root.path("sql").asText(),
        types,
        parameters,
        binary,
        promised,
        settings);
  }

  public PostgresSql translated() {
    return PostgresSql.translate(sql, types);
  }

  /** The statement told so that the engine finds more of the types of its parameters. */
  public PostgresSql inferring() {
    return PostgresSql.inferring(sql, types);
  }

  /**
   * Types of the parameters of which fewer are open: the engine tells no columns where it has to
   * guess one. What it finds beside the statement is taken first, and then texts, one by one, since
   * the engine may know the others once it knows this.
   *
   * @param known object ids so far, 0 where none is
   * @param inferred by the engine with these, in its names
   * @param found by the engine for {@link #inferring}; empty if it found none
   */
  public List<Integer> closed(List<Integer> known, List<String> inferred, List<String> found) {
    Set<Integer> arrays = PostgresSql.arrays(sql);
    List<Integer> all = new ArrayList<>();
    int guesses = 0;
    for (int i = 0; i < inferred.size(); i++) {
      int before = i < known.size() ? known.get(i) : 0;
      boolean isDeclared = i < types.size() && types.get(i) != 0;
      boolean isText = before == PostgresType.TEXT.oid() || before == PostgresType.VARCHAR.oid();
      if (!UNKNOWN.contains(inferred.get(i)) || before != 0 && !isText) {
        all.add(before);
      } else if (!isDeclared && i < found.size() && !UNKNOWN.contains(found.get(i))) {
        String type = arrays.contains(i + 1) ? found.get(i) + "[]" : found.get(i);
        all.add(PostgresType.ofEngine(type).oid());
      } else if (!isDeclared && arrays.contains(i + 1)) {
        all.add(PostgresType.TEXT_ARRAY.oid());
      } else {
        all.add(guesses++ == 0 ? PostgresType.BPCHAR.oid() : before);
      }
    }
    return all;
  }

  /**
   * What to try in turn: types as they were guessed, and others for the parameter that is taken for
   * a text since nothing says what it is.
   */
  public static List<List<Integer>> guesses(List<Integer> before, List<Integer> guessed) {
    List<List<Integer>> all = new ArrayList<>();
    all.add(guessed);
    for (int i = 0; i < guessed.size(); i++) {
      boolean isNew = i >= before.size() || !before.get(i).equals(guessed.get(i));
      if (isNew && guessed.get(i) == PostgresType.BPCHAR.oid()) {
        for (PostgresType other : OTHER_GUESSES) {
          List<Integer> types = new ArrayList<>(guessed);
          types.set(i, other.oid());
          all.add(types);
        }
        break;
      }
    }
    return all;
  }

  /** Whether the engine does not know the type of a column or parameter. */
  public static boolean isOpen(StatementTypes statement) {
    return statement.parameters().stream().anyMatch(UNKNOWN::contains);
  }

  /**
   * The engine's types of parameters, with those that it does not know as they were guessed.
   *
   * @param guessed object ids, 0 or left out where there is no guess: a text then
   */
  public static List<String> known(List<String> told, List<Integer> guessed) {
    List<String> known = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      int guess = i < guessed.size() ? guessed.get(i) : 0;
      known.add(
          UNKNOWN.contains(told.get(i))
              ? PostgresType.ofOid(guess).orElse(PostgresType.TEXT).engineType()
              : told.get(i));
    }
    return known;
  }

  /** A value for each of some types of the engine. */
  public static List<@Nullable Object> samples(List<String> types) {
    List<@Nullable Object> samples = new ArrayList<>();
    types.forEach(type -> samples.add(PostgresType.ofEngine(type).sample()));
    return samples;
  }

  public Query query(PostgresSql translated) {
    return query(translated, parameters);
  }

  /** A query with other values than those that were sent. */
  public Query query(PostgresSql translated, List<@Nullable Object> values) {
    return new Query(key.access(), translated.text(), values, true, Optional.empty(), settings);
  }

  /** The zone that times are told in. */
  public ZoneId zone() {
    return ZoneId.of(settings.getOrDefault("timezone", "UTC"));
  }

  public boolean isBinary(int column) {
    if (binary.size() == 1) {
      return binary.getFirst();
    }
    return column < binary.size() && binary.get(column);
  }

  /** A failure whose place is one of the translated text, told of the client's. */
  public QueryException told(QueryException failure, PostgresSql translated) {
    Optional<SqlPlace> place =
        failure
            .place()
            .map(found -> translated.originalIndex(found.indexIn(translated.text())))
            .map(index -> SqlPlace.ofIndex(sql, index));
    return new QueryException(
        failure.error(), String.valueOf(failure.getMessage()), place, failure);
  }
}
