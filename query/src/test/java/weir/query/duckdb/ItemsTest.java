package weir.query.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.QueryException;

class ItemsTest {
  @TempDir Path directory;
  private TestEngine engine;
  private int sent;

  @BeforeEach
  void open() throws Exception {
    engine = new TestEngine(directory);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private void event(String event, String properties) {
    sent++;
    engine
        .lake()
        .events(
            "SELECT '%s' AS event, 'u1' AS user_id, 'u1' AS actor, nullif('%s', '') AS properties,"
                    .formatted(event, properties)
                + " 'e%02d' AS event_id, '%016d-000000' AS _raw_position,".formatted(sent, sent)
                + " 'EUR' AS currency, timestamptz '2026-01-01' AS timestamp,"
                + " timestamptz '2026-01-01' AS received_at");
  }

  @Test
  void nothingYet() throws QueryException {
    assertThat(engine.value("select count(*) from items")).isEqualTo(0L);
  }

  @Test
  void aRowForEachProductOfAnOrderOrList() throws QueryException {
    event(
        "Order Completed",
        "{\"products\":[{\"product_id\":\"d1\",\"name\":\"Soup\",\"price\":4.5,\"quantity\":2},"
            + "{\"sku\":\"d2\",\"name\":\"Pie\",\"price\":\"3\"}]}");
    event(
        "view_item_list",
        "{\"items\":[{\"item_id\":7,\"item_name\":\"Tea\",\"item_category\":\"drinks\"},\"no item\",null]}");
    event("Other", "{\"products\":\"none\",\"items\":{\"a\":1}}");
    event("Plain", "");
    assertThat(
            engine.rows(
                "select event, item_no, item_id, name, category, price, quantity, person_id,"
                    + " currency from items order by event_id, item_no"))
        .containsExactly(
            Arrays.asList("Order Completed", 1L, "d1", "Soup", null, 4.5, 2.0, "u1", "EUR"),
            Arrays.asList("Order Completed", 2L, "d2", "Pie", null, 3.0, 1.0, "u1", "EUR"),
            Arrays.asList("view_item_list", 1L, "7", "Tea", "drinks", null, 1.0, "u1", "EUR"));
    assertThat(engine.rows("select sum(price * quantity) from items"))
        .isEqualTo(List.of(List.of(12.0)));
  }
}
