package weir.enrich.geo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.enrich.Draft;
import weir.enrich.Sender;
import weir.event.EventColumn;
import weir.event.Network;

class GeoFilesTest {
  private static final String DATA = "WEIR_TEST_DATA";
  private static final String SKIPPED = "skipped: WEIR_TEST_DATA names no folder with geoip-test";

  private static final List<String> PRIVATE =
      List.of(
          "127.0.0.1",
          "10.1.2.3",
          "172.16.0.1",
          "192.168.1.1",
          "169.254.3.4",
          "0.0.0.0",
          "224.0.0.251",
          "::1",
          "::",
          "fe80::1",
          "ff02::1");

  @TempDir Path folder;

  private static Path file(String name) {
    return Path.of(System.getenv(DATA), "geoip-test", name);
  }

  private GeoFiles files(Path... paths) {
    GeoFiles files = new GeoFiles(List.of(paths), folder);
    files.refresh();
    return files;
  }

  private static Draft event(@Nullable String address, boolean own) {
    EnumMap<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    if (address != null) {
      columns.put(EventColumn.IP, address);
    }
    return new Draft(new Sender("p", "web", 0, null, own), columns, new LinkedHashMap<>());
  }

  @Test
  void countriesAreKnownWithoutAnyFile() throws IOException {
    try (GeoFiles files = files()) {
      assertThat(files.of("8.8.8.8").country()).isEqualTo("US");
      assertThat(files.of("130.237.218.86").country()).isEqualTo("SE");
      assertThat(files.of("2001:67c:2564::1").country()).isNotNull();
      assertThat(files.of("127.0.0.1")).isEqualTo(GeoFacts.NOTHING);
      assertThat(files.trouble()).isEmpty();
    }
  }

  @Test
  void privateAddressesAreInNoCountryAndOpenNothing() throws IOException {
    Path none = folder.resolve("none");
    try (GeoFiles files = new GeoFiles(List.of(), none)) {
      files.refresh();
      for (String address : PRIVATE) {
        assertThat(files.of(address)).as(address).isEqualTo(GeoFacts.NOTHING);
      }
      assertThat(files.hasOpenedShipped()).isFalse();
    }
  }

  @Test
  void countriesAreKnownWithoutRoomForACopy() throws IOException {
    Path none = folder.resolve("none");
    try (GeoFiles files = new GeoFiles(List.of(), none)) {
      files.refresh();
      assertThat(files.of("8.8.8.8").country()).isEqualTo("US");
      assertThat(files.hasOpenedShipped()).isTrue();
    }
  }

  @Test
  void nothingIsFoundAfterTheEnd() throws IOException {
    GeoFiles files = files();
    files.close();
    assertThat(files.of("8.8.8.8")).isEqualTo(GeoFacts.NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "1.2.3",
        "1.2.3.4.5",
        "::g",
        "1.2.3.4, 5.6.7.8",
        "[::1]",
        "localhost",
        "\0"
      })
  void whatIsNoAddressIsNowhere(String text) throws IOException {
    try (GeoFiles files = files()) {
      assertThat(files.of(text)).isEqualTo(GeoFacts.NOTHING);
    }
  }

  @Test
  void aServersAddressIsNotThePersons() throws IOException {
    try (GeoFiles files = files()) {
      Draft server = event("8.8.8.8", false);
      new GeoEnrichment(files).enrich(server);
      assertThat(server.has(EventColumn.COUNTRY)).isFalse();
      Draft person = event("8.8.8.8", true);
      new GeoEnrichment(files).enrich(person);
      assertThat(person.text(EventColumn.COUNTRY)).isEqualTo("US");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "MASK,203.0.113.77,203.0.113.0",
        "MASK,2001:db8:1:2:3:4:5:6,2001:db8:1::",
        "MASK,nonsense,-",
        "DROP,203.0.113.77,-",
        "KEEP,203.0.113.77,203.0.113.77"
      })
  void addressesAreKeptAsThePolicySays(
      AddressEnrichment.Policy policy, String sent, @Nullable String kept) {
    Draft event = event(sent, true);
    new AddressEnrichment(policy).enrich(event);
    assertThat(event.text(EventColumn.IP)).isEqualTo(kept);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = DATA, matches = ".+", disabledReason = SKIPPED)
  void everyNetworkIsWhereItsSourceSays() throws IOException {
    int networks = 0;
    for (String name :
        List.of(
            "GeoIP2-City-Test",
            "GeoLite2-City-Test",
            "GeoIP2-Country-Test",
            "GeoLite2-Country-Test",
            "GeoLite2-ASN-Test",
            "GeoIP2-ISP-Test")) {
      JsonNode source = new ObjectMapper().readTree(file(name + ".source.json").toFile());
      Map<String, JsonNode> all = new LinkedHashMap<>();
      for (JsonNode part : source.isArray() ? source : List.of(source)) {
        part.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
      }
      try (GeoDatabase database = GeoDatabase.checked(file(name + ".mmdb"), folder)) {
        for (Map.Entry<String, JsonNode> entry : all.entrySet()) {
          String first = entry.getKey().replaceAll("/.*", "");
          GeoFacts found = database.find(Objects.requireNonNull(Network.address(first), first));
          check(name + " " + entry.getKey(), found, entry.getValue());
          networks++;
        }
      }
    }
    System.out.printf("networks: %d%n", networks);
    assertThat(networks).isGreaterThan(1_000);
  }

  private static void check(String where, GeoFacts found, JsonNode row) {
    JsonNode country = row.path("country").path("iso_code");
    String expected =
        country.isMissingNode()
            ? row.path("registered_country").path("iso_code").textValue()
            : country.textValue();
    assertThat(found.country()).as(where).isEqualTo(expected);
    assertThat(found.city())
        .as(where)
        .isEqualTo(row.path("city").path("names").path("en").textValue());
    assertThat(found.region())
        .as(where)
        .isEqualTo(row.path("subdivisions").path(0).path("names").path("en").textValue());
    if (row.path("location").has("latitude")) {
      assertThat(found.latitude())
          .as(where)
          .isEqualTo(row.path("location").path("latitude").asDouble());
    }
    if (row.has("autonomous_system_number")) {
      assertThat(found.asn()).as(where).isEqualTo(row.path("autonomous_system_number").asLong());
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = DATA, matches = ".+", disabledReason = SKIPPED)
  void brokenFilesAreRefused() throws IOException {
    List<String> taken = new ArrayList<>();
    List<Path> broken;
    try (Stream<Path> all = Files.walk(file("bad"))) {
      broken = all.filter(each -> each.toString().endsWith(".mmdb")).toList();
    }
    for (Path each : broken) {
      try (GeoFiles files = files(each)) {
        if (files.trouble().isEmpty()) {
          taken.add(each.getFileName().toString());
        }
        assertThat(files.of("8.8.8.8").country()).isEqualTo("US");
      }
    }
    assertThat(broken).hasSize(21);
    assertThat(taken).isEmpty();
  }

  @Test
  @EnabledIfEnvironmentVariable(named = DATA, matches = ".+", disabledReason = SKIPPED)
  void aFileThatChangesIsReadAgainAndABrokenOneIsNot() throws IOException {
    Path used = folder.resolve("used.mmdb");
    try (GeoFiles files = files(used)) {
      assertThat(files.trouble())
          .hasValueSatisfying(why -> assertThat(why).contains("enrich.places", "there is no file"));
      Files.copy(file("GeoLite2-City-Test.mmdb"), used);
      files.refresh();
      assertThat(files.trouble()).isEmpty();
      assertThat(files.of("81.2.69.142").city()).isEqualTo("London");
      Files.writeString(used, "not a database");
      files.refresh();
      assertThat(files.trouble()).hasValueSatisfying(why -> assertThat(why).contains("stays"));
      assertThat(files.of("81.2.69.142").city()).isEqualTo("London");
      Files.delete(used);
      files.refresh();
      assertThat(files.of("81.2.69.142").city()).isEqualTo("London");
      Files.copy(file("GeoLite2-ASN-Test.mmdb"), used, StandardCopyOption.REPLACE_EXISTING);
      files.refresh();
      assertThat(files.of("81.2.69.142").city()).isNull();
      assertThat(files.of("1.128.0.0").asn()).isEqualTo(1221);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(used);
    }
  }
}
