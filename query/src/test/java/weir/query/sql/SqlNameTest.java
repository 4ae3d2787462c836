package weir.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the gateway takes for one name is one to the engine. The engine here may do everything and
 * has a canary wherever a name could lead: a table, a file, and its own catalog.
 */
class SqlNameTest {
  private static final String CANARY = "canary that sings";
  private static final String MARK = "of the expression";

  /** Statements with a name that is defined, a name that is used, and a mark in its rows. */
  private static final List<String> PLACES =
      List.of(
          "with %1$s as (select '%3$s' a) select * from %2$s",
          "with %1$s as materialized (select '%3$s' a) select x.* from %2$s x, %2$s y",
          "with a as (with %1$s as (select '%3$s' a) select * from %2$s) select * from a",
          "with %1$s as (select '%3$s' a) select * from (select * from %2$s) b",
          "with %1$s as (select '%3$s' a) select (select max(a) from %2$s)",
          "with %1$s as (select '%3$s' a), b as (select * from %2$s) select * from b",
          "with %1$s as (select '%3$s' a) select 'x' union all select a from %2$s",
          "with recursive %1$s as (select '%3$s' a, 0 n union all select a, n + 1 from %2$s where n < 2)"
              + " select a from %1$s",
          "with %1$s as (select '%3$s' a) select * from %1$s where a in (select a from %2$s)",
          "select * from (select '%3$s' a) as %1$s, (select %2$s.a) b",
          "select * from (select '%3$s' a) as %1$s, %2$s",
          "select b.%2$s from (select '%3$s' as %1$s) b",
          "select '%3$s' as %1$s order by %2$s",
          "with b(%1$s) as (select '%3$s') select %2$s from b",
          "select '%3$s' from %1$s.%2$s",
          "select * from %1$s.main.%2$s",
          "with %1$s as (select '%3$s' a) select * from main.%2$s",
          "select %2$s('%3$s')",
          "select * from %2$s('%3$s')",
          "select '%3$s'::%2$s",
          "select '%3$s' collate %2$s");

  private static final List<String> FUNCTIONS =
      List.of("read_blob", "read_text", "query", "query_table", "glob", "sqlite_scan", "getenv");

  @TempDir static Path dir;
  private static Connection engine;
  private static List<String> targets;

  @BeforeAll
  static void open() throws Exception {
    engine = DriverManager.getConnection("jdbc:duckdb:");
    String letters = "abcdefghijklmnopqrstuvwxyz_ss_ff_fi_fl_ffi_ffl_st";
    Path file = dir.toRealPath().resolve(letters + ".csv");
    Files.writeString(file, "a\n" + CANARY + "\n");
    targets = new ArrayList<>();
    try (Statement statement = engine.createStatement()) {
      for (String table : List.of("flock", letters, "kissing")) {
        statement.execute("CREATE TABLE " + table + " AS SELECT '" + CANARY + "' AS a");
        targets.add(table);
      }
      statement.execute("CREATE VIEW singing AS SELECT '" + CANARY + "' AS a");
    }
    targets.addAll(List.of(file.toString(), "file://" + file, "singing"));
    targets.addAll(List.of("duckdb_views", "duckdb_tables", "duckdb_settings", "sqlite_master"));
  }

  @AfterAll
  static void close() throws SQLException {
    engine.close();
  }

  /** All characters beyond ASCII that some rule of Unicode turns into ASCII, and into what. */
  private static Map<String, Set<String>> confusing() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      String letter = Character.toString(c);
      Set<String> turned = new TreeSet<>();
      turned.add(letter.toLowerCase(Locale.ROOT));
      turned.add(letter.toUpperCase(Locale.ROOT));
      turned.add(Character.toString(Character.toLowerCase(c)));
      turned.add(Character.toString(Character.toUpperCase(c)));
      turned.removeIf(text -> text.chars().noneMatch(each -> each < 0x80));
      turned.forEach(text ->
          found
              .computeIfAbsent(letter, added -> new TreeSet<>())
              .add(text.replaceAll("[^a-zA-Z]", "").toLowerCase(Locale.ROOT)));
    }
    return found;
  }

  @Test
  void onlyLettersOfAsciiFold() throws SQLException {
    assertThat(SqlName.fold("aZ_Ä\u212a\u0130\u0131\u017f\u00df"))
        .isEqualTo("az_Ä\u212a\u0130\u0131\u017f\u00df");
    for (int c = 1; c <= Character.MAX_CODE_POINT; c = c == 0xd7ff ? 0xe000 : c + 1) {
      String letter = Character.toString(c);
      for (String turned :
          List.of(letter.toLowerCase(Locale.ROOT), letter.toUpperCase(Locale.ROOT))) {
        if (!turned.equals(letter)) {
          assertThat(SqlName.same(letter, turned)).as("%x", c).isEqualTo(one(letter, turned));
        }
      }
    }
  }

  /** Whether the engine takes two names for one. */
  private static boolean one(String letter, String other) throws SQLException {
    try (Statement statement = engine.createStatement()) {
      statement.execute("SELECT " + quoted(other) + " FROM (SELECT 1 AS " + quoted(letter) + ")");
      return true;
    } catch (SQLException e) {
      assertThat(String.valueOf(e.getMessage())).contains("Binder");
      return false;
    }
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  @Test
  void noNameLeadsPastAnExpression() throws SQLException {
    Map<String, Set<String>> confusing = confusing();
    assertThat(confusing).containsKeys("\u212a", "\u0130", "\u0131", "\u017f");
    Random random = new Random(Long.getLong("weir.seed", 20261130));
    List<String> faults = new ArrayList<>();
    int accepted = 0;
    for (Map.Entry<String, Set<String>> each : confusing.entrySet()) {
      for (String place : PLACES) {
        for (String target : some(targets, random)) {
          accepted += check(place, target, each, random, faults);
        }
        for (String function : some(FUNCTIONS, random)) {
          accepted += check(place, function, each, random, faults);
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(accepted).isGreaterThan(100);
  }

  /** A few by seed; with {@code -Dweir.hostile=all} all of them. */
  private static List<String> some(List<String> all, Random random) {
    if ("all".equals(System.getProperty("weir.hostile"))) {
      return all;
    }
    List<String> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);
    return shuffled.subList(0, 2);
  }

  private static int check(
      String place,
      String target,
      Map.Entry<String, Set<String>> letter,
      Random random,
      List<String> faults)
      throws SQLException {
    List<String> spelt = new ArrayList<>(List.of(target, cased(target, random)));
    for (String turned : letter.getValue()) {
      if (!turned.isEmpty() && target.contains(turned)) {
        spelt.add(target.replace(turned, letter.getKey()));
        spelt.add(cased(target.replaceFirst(turned, letter.getKey()), random));
      }
    }
    int accepted = 0;
    for (String defined : spelt) {
      String used = spelt.get(random.nextInt(spelt.size()));
      String sql = place.formatted(quoted(defined), quoted(used), MARK);
      accepted += isSound(sql, faults) ? 1 : 0;
    }
    return accepted;
  }

  private static String cased(String name, Random random) {
    StringBuilder cased = new StringBuilder();
    for (char c : name.toCharArray()) {
      boolean upper = c >= 'a' && c <= 'z' && random.nextBoolean();
      cased.append(upper && !name.contains("/") ? (char) (c - 32) : c);
    }
    return cased.toString();
  }

  /** Runs what the gateway lets through and takes for no table; whether there was such a one. */
  private static boolean isSound(String sql, List<String> faults) throws SQLException {
    CheckedSql checked;
    try {
      checked = SqlGateway.check(sql, SqlNameTest::parse);
    } catch (SqlRefusedException e) {
      return false;
    }
    if (!checked.tables().isEmpty() || !checked.catalog().isEmpty()) {
      return false;
    }
    try (Statement statement = engine.createStatement();
        ResultSet rows = statement.executeQuery(checked.text())) {
      boolean marked = false;
      while (rows.next()) {
        String value = rows.getString(1);
        marked |= MARK.equals(value);
        if (CANARY.equals(value)) {
          faults.add(sql + " reads the canary");
        }
      }
      if (!marked) {
        faults.add(sql + " reads something else than its expression");
      }
      return true;
    } catch (SQLException e) {
      // it is bound to nothing
      return false;
    }
  }

  private static String parse(String sql) throws SQLException {
    try (PreparedStatement statement =
        engine.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
      statement.setString(1, sql);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getString(1);
      }
    }
  }
}
