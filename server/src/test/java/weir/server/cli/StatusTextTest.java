package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<String> lines(String status) throws Exception {
    return StatusText.of(JSON.readTree(status)).lines().toList();
  }

  @Test
  void theFirstColumnIsAsWideAsWhatIsInIt() throws Exception {
    assertThat(
            lines(
                """
                {"roles":[{"role":"collect","up":true,"pid":7,"restarts":1},
                          {"role":"statements-shop","up":false,"pid":0,"restarts":2}],
                 "problems":["it rains"]}
                """))
        .containsExactly(
            "collect         up       process 7        started again 1 time",
            "statements-shop DOWN     process 0        started again 2 times",
            "lag             0 B to process, 0 B to load",
            "disk            being measured, 0 B free",
            "ledger          NOT BALANCED: 0 accepted, 0 quarantined, 0 duplicate, 0 dropped, 0 in"
                + " flight, 0 of them decided and not committed",
            "problem: it rains");
    assertThat(lines("{\"roles\":[{\"role\":\"query\",\"up\":true,\"pid\":7}]}"))
        .contains("query    up       process 7        started again 0 times");
  }

  @Test
  void whereEveryAcceptedEventIsCanBeReckoned() throws Exception {
    assertThat(
            lines(
                """
                {"ledger":{"balanced":true,"accepted":20,"derived":2,"quarantined":3,
                           "duplicate":4,"dropped":5,"in_flight":6,"uncommitted":1}}
                """))
        .contains(
            "ledger   balanced: 20 accepted, 2 derived of them, 3 quarantined, 4 duplicate, 5"
                + " dropped, 6 in flight, 1 of them decided and not committed",
            "         why they are dropped: GET /api/v1/ledger counts them by minute and reason");
  }
}
