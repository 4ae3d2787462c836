package weir.query.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScannerTest {
  @Test
  void commentsAndSemicolonsAroundAreLeftOut() throws SqlRefusedException {
    ScannedSql scanned = SqlScanner.statement(";; /* a /* b; */ */ select 1 -- x;\n + 2 ;-- y\n;");
    assertThat(scanned.text()).isEqualTo("select 1 -- x;\n + 2");
    assertThat(scanned.place(9)).contains(new SqlPlace(1, 30));
    assertThat(scanned.place(16)).contains(new SqlPlace(2, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select ';'",
        "select \"a;b\"",
        "select `a;b`",
        "select $$;$$",
        "select $t$ ; $$ ; $t$",
        "select e'\\';'",
        "select 'a''; b'",
        "select 1 /* ; */ + 1",
        "select $1, ?",
        "select case when 1=1 then 2 end",
      })
  void oneStatementIsOne(String sql) {
    assertThatCode(() -> SqlScanner.statement(sql)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; select 2",
        "select '\\'; select 2 --'",
        "select 1 /* */; drop table x",
        "select $$a$$; select 1",
        "select 1;;;;x",
      })
  void twoStatementsAreRefused(String sql) {
    assertThatThrownBy(() -> SqlScanner.statement(sql)).hasMessage("only one statement is allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", ";", "-- x", "/* x", "/**/;"})
  void nothingIsRefused(String sql) {
    assertThatThrownBy(() -> SqlScanner.statement(sql)).hasMessage("the statement is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "{", "( [{", "case when x then ", "(case when 1 then "})
  void nestingIsBounded(String open) throws SqlRefusedException {
    SqlScanner.statement("select " + open.repeat(30));
    SqlRefusedException e =
        catchThrowableOfType(
            SqlRefusedException.class, () -> SqlScanner.statement("select " + open.repeat(101)));
    assertThat(e).hasMessageContaining("nested deeper");
    assertThat(e.place()).isPresent();
  }

  @Test
  void bracketsInQuotesDoNotNest() throws SqlRefusedException {
    SqlScanner.statement("select '" + "(".repeat(500) + "'");
    SqlScanner.statement("select \"" + "(".repeat(500) + "\"");
    SqlScanner.statement("select $$" + "(".repeat(500) + "$$");
    SqlScanner.statement("select 1 --" + "(".repeat(500));
    SqlScanner.statement("select 1" + " + (1)".repeat(500));
    SqlScanner.statement("select 1" + " + case when 1=1 then 1 end".repeat(500));
  }

  @Test
  void sizeIsBoundedInBytes() throws SqlRefusedException {
    SqlScanner.statement("select '" + "x".repeat(SqlScanner.MAX_BYTES - 9) + "'");
    assertThatThrownBy(
            () -> SqlScanner.statement("select '" + "é".repeat(SqlScanner.MAX_BYTES / 2) + "'"))
        .hasMessageContaining("longer than 65536 bytes");
  }

  @Test
  void setOperationsAreBounded() {
    assertThatThrownBy(() -> SqlScanner.statement("select 1" + " union all select 1".repeat(201)))
        .hasMessageContaining("more than 200 set operations");
  }

  /** Bounds hold for what the engine takes for two words, or for the end of a comment. */
  @ParameterizedTest
  @ValueSource(strings = {"\u00a0", "\u2003", "\u200b", "\u2060", "\u3000", "\ufeff", "\u000b"})
  void theEnginesSpacesPartWords(String space) {
    assertThatThrownBy(() ->
            SqlScanner.statement("select 1" + (" union" + space + "all select 1").repeat(201)))
        .hasMessageContaining("more than 200 set operations");
  }

  @Test
  void aLineCommentEndsAtACarriageReturn() {
    assertThatThrownBy(() -> SqlScanner.statement("select 1 -- \r" + "(".repeat(101)))
        .hasMessageContaining("nested deeper");
  }

  @Property(tries = 2000)
  void anyTextIsScannedOrRefused(
      @ForAll
          @CharRange(from = ' ', to = '~')
          @Chars({'\'', '"', '$', '`', '\\', ';', '-', '/', '*', '(', ')', '\n', 'e', 'é'})
          String sql) {
    try {
      ScannedSql scanned = SqlScanner.statement(sql);
      assertThat(sql.substring(scanned.offset())).startsWith(scanned.text());
      assertThat(scanned.text()).isNotBlank();
    } catch (SqlRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
