package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.directory.Role;

class ConfigurationLoaderTest {
  @TempDir Path folder;

  private static Stream<Setting<?>> settings() {
    return Settings.all().stream();
  }

  @Test
  void defaultsHoldWhereNothingIsGiven() throws Exception {
    Configuration configuration = load(null, Map.of());
    assertThat(configuration.get(Settings.COLLECT_PORT)).isEqualTo(8080);
    assertThat(configuration.get(Settings.API_PORT)).isEqualTo(8090);
    assertThat(configuration.get(Settings.DUPLICATE_WINDOW)).isEqualTo(Duration.ofDays(7));
    assertThat(configuration.get(Settings.COLLECT_REQUEST_LIMIT)).isEqualTo(10L << 20);
    assertThat(configuration.get(Settings.ROLES)).isEqualTo(Set.of(Role.values()));
  }

  @ParameterizedTest
  @MethodSource("settings")
  <T> void everySettingRoundTripsThroughYaml(Setting<T> setting) throws Exception {
    Configuration changed = load(null, Map.of()).with(setting, other(setting));
    for (Setting<Optional<Path>> partner : partners(setting)) {
      changed = changed.with(partner, other(partner));
    }
    Configuration again = load(changed.toYaml(), Map.of());
    for (Setting<?> each : Settings.all()) {
      assertThat((Object) again.get(each)).as(each.key()).isEqualTo(changed.get(each));
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  <T> void everySettingCanBeGivenByTheEnvironment(Setting<T> setting) throws Exception {
    T value = other(setting);
    Map<String, String> environment = new HashMap<>();
    environment.put(setting.environmentName(), setting.type().format(value));
    partners(setting).forEach(partner -> environment.put(partner.environmentName(), "/a file"));
    assertThat(load(null, environment).get(setting)).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void everySettingRefusesNonsenseAndSaysWhatWouldBeRight(Setting<?> setting) {
    if (setting.type() instanceof SettingType.Text
        || setting.type() instanceof SettingType.Folder) {
      assertThat(faults(null, Map.of(setting.environmentName(), " "))).hasSize(1);
      return;
    }
    String nonsense = setting.type() instanceof SettingType.MaybeFile ? "\0" : "non sense";
    List<Fault> faults = faults(null, Map.of(setting.environmentName(), nonsense));
    assertThat(faults).hasSize(1);
    assertThat(faults.getFirst().message())
        .contains(setting.key(), setting.type().expected(), nonsense);
  }

  @Test
  void theEnvironmentOverridesTheFileAndOptionsOverrideBoth() throws Exception {
    Path file = write("collect: {port: 1111}\napi: {port: 2222}\nquery: {threads: 7}\n");
    Configuration configuration =
        ConfigurationLoader.load(
            file,
            Map.of("WEIR_COLLECT_PORT", "3333", "WEIR_API_PORT", "4444", "PATH", "/bin"),
            Map.of("--port", new ConfigurationLoader.Option(Settings.COLLECT_PORT, "5555")));
    assertThat(configuration.get(Settings.COLLECT_PORT)).isEqualTo(5555);
    assertThat(configuration.get(Settings.API_PORT)).isEqualTo(4444);
    assertThat(configuration.get(Settings.QUERY_THREADS)).isEqualTo(7);
  }

  @Test
  void allFaultsAreNamedAtOnceEachWithItsPlace() throws IOException {
    Path file =
        write(
            """
            collect:
              prot: 8080
              port: 70000
              event_limit: [1, 2]
              port: 1
            lake:
              commit_interval: soon
            nothing: 1
            """);
    ConfigurationException failure =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                ConfigurationLoader.load(
                    file,
                    Map.of("WEIR_QUERY_THREAD", "2", "WEIR_TEST_DATA", "/x", "WEIR_HOME", "/y"),
                    Map.of("--api-port", new ConfigurationLoader.Option(Settings.API_PORT, "x"))));
    List<String> faults = failure.faults().stream().map(Fault::toString).toList();
    assertThat(faults)
        .hasSize(8)
        .anySatisfy(fault -> assertThat(fault).contains(":2", "collect.prot", "collect.port"))
        .anySatisfy(fault -> assertThat(fault).contains(":3", "0 to 65535", "70000"))
        .anySatisfy(fault -> assertThat(fault).contains(":4", "collect.event_limit", "not a list"))
        .anySatisfy(fault -> assertThat(fault).contains(":5", "given twice", ":3"))
        .anySatisfy(fault -> assertThat(fault).contains(":7", "10ms to 1h", "soon"))
        .anySatisfy(fault -> assertThat(fault).contains(":8", "nothing"))
        .anySatisfy(fault -> assertThat(fault).contains("WEIR_QUERY_THREAD", "WEIR_QUERY_THREADS"))
        .anySatisfy(fault -> assertThat(fault).contains("--api-port", "'x'"));
  }

  @Test
  void settingsThatContradictEachOtherAreFaults() {
    List<Fault> faults =
        faults(
            "collect: {port: 9000, request_limit: 1MiB, event_limit: 2MiB}\napi: {port: 9000}\n",
            Map.of());
    assertThat(faults)
        .hasSize(2)
        .anySatisfy(fault -> assertThat(fault.where()).contains(":2", "api.port"))
        .anySatisfy(fault -> assertThat(fault.message()).contains("collect.request_limit"));
  }

  @Test
  void aCertificateNeedsItsKeyAndTheOtherWayRound() throws Exception {
    assertThat(faults("collect: {tls_certificate: a.pem}\n", Map.of()))
        .singleElement()
        .satisfies(fault -> assertThat(fault.message()).contains("collect.tls_key"));
    assertThat(faults(null, Map.of("WEIR_API_TLS_KEY", "b.pem")))
        .singleElement()
        .satisfies(fault -> assertThat(fault.message()).contains("api.tls_certificate"));
    Configuration both =
        load("api: {tls_certificate: a.pem, tls_key: ''}\n", Map.of("WEIR_API_TLS_KEY", "b.pem"));
    assertThat(both.get(Settings.API_TLS_KEY)).contains(Path.of("b.pem").toAbsolutePath());
    assertThat(both.get(Settings.COLLECT_TLS_KEY)).isEmpty();
  }

  @Test
  void aFileThatIsNoMappingOrNoYamlOrMissingIsAFault() {
    assertThat(faults("- 1\n- 2\n", Map.of())).hasSize(1);
    assertThat(faults("collect: {port: [}\n", Map.of())).hasSize(1);
    assertThat(faults("collect: 5\n", Map.of()).getFirst().message()).contains("a section");
    ConfigurationException missing =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationLoader.load(folder.resolve("none.yaml"), Map.of(), Map.of()));
    assertThat(missing.faults()).hasSize(1);
  }

  @Test
  void anEmptyFileGivesNothing() throws Exception {
    assertThat(load("", Map.of()).get(Settings.API_PORT)).isEqualTo(8090);
    assertThat(load("# nothing\n", Map.of()).get(Settings.API_PORT)).isEqualTo(8090);
  }

  /** A value that is not the default and contradicts no other setting's default. */
  @SuppressWarnings("unchecked") // the type of each case fixes T
  private static <T> T other(Setting<T> setting) {
    return switch (setting.type()) {
      case SettingType.Whole whole ->
          (T) Integer.valueOf(whole.max() == 65_535 ? 7777 : whole.max());
      case SettingType.Amount ignored -> (T) new java.math.BigDecimal("5.50");
      case SettingType.Size size -> (T) otherSize(setting, size);
      case SettingType.Span span -> (T) otherSpan(setting, span);
      case SettingType.Age age -> setting.type().parse("77d");
      case SettingType.Switch ignored -> (T) Boolean.valueOf(!(Boolean) setting.defaultValue());
      case SettingType.Networks networks -> (T) networks.parse("10.0.0.0/8, fd00::/8");
      case SettingType.Text ignored -> (T) "it's: #other";
      case SettingType.Folder folder -> (T) folder.parse("/some where/else");
      case SettingType.MaybeFile file -> (T) file.parse("/some where/port.pem");
      case SettingType.UrlPath ignored -> (T) "/other";
      case SettingType.MaybeUrlPath path -> setting.type().parse("/another");
      case SettingType.Some<?> some -> setting.type().parse("query");
      case SettingType.Choice<?> choice -> setting.type().parse("debug");
    };
  }

  private static Duration otherSpan(Setting<?> setting, SettingType.Span span) {
    boolean bounded =
        List.of(Settings.QUERY_TIMEOUT, Settings.QUERY_MAX_TIMEOUT, Settings.LAKE_COMMIT_INTERVAL)
            .contains(setting);
    return bounded ? ((Duration) setting.defaultValue()).minusMillis(1) : span.max();
  }

  /** What must be given with a setting. */
  private static List<Setting<Optional<Path>>> partners(Setting<?> setting) {
    return Stream.of(
            List.of(Settings.COLLECT_TLS_CERTIFICATE, Settings.COLLECT_TLS_KEY),
            List.of(Settings.API_TLS_CERTIFICATE, Settings.API_TLS_KEY))
        .filter(pair -> pair.contains(setting))
        .flatMap(List::stream)
        .filter(each -> !each.equals(setting))
        .toList();
  }

  private static Long otherSize(Setting<?> setting, SettingType.Size size) {
    boolean bounded =
        List.of(
                Settings.COLLECT_EVENT_LIMIT,
                Settings.COLLECT_REQUEST_LIMIT,
                Settings.QUERY_HEAP,
                Settings.TAPS_HELD_LOG,
                Settings.LAKE_HELD_LOG,
                Settings.LAKE_PENDING_LIMIT,
                Settings.QUERY_TAIL_LIMIT)
            .contains(setting);
    if (bounded) {
      return (Long) setting.defaultValue() - 1;
    }
    return setting.equals(Settings.COLLECT_DECODED_LIMIT) ? Long.valueOf(41 << 20) : size.max();
  }

  private Configuration load(@Nullable String yaml, Map<String, String> environment)
      throws Exception {
    return ConfigurationLoader.load(yaml == null ? null : write(yaml), environment, Map.of());
  }

  private List<Fault> faults(@Nullable String yaml, Map<String, String> environment) {
    return catchThrowableOfType(ConfigurationException.class, () -> load(yaml, environment))
        .faults();
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("weir.yaml"), yaml);
  }
}
