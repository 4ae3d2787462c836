package weir.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import weir.config.Configuration;
import weir.config.ConfigurationException;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.metadata.Credentials;
import weir.server.logging.LogSetup;
import weir.tools.demo.Demo;
import weir.tools.demo.OwnWeir;
import weir.tools.demo.Scene;
import weir.tools.importing.Collector;

@Command(
    name = "demo",
    description = {
      "Plays visitors of a shop, or diners who read and order from a menu.",
      "First some weeks of history, then live until Ctrl-C.",
      "Starts Weir on the data directory if none runs there.",
      "The events go to a running one elsewhere with --url and --key.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  weir demo --data demo-data --speed 20",
      "  weir demo menu --days 7"
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "SCENE",
      description = {
        "What is played (default: shop).",
        "shop: visitors look, search, fill carts and buy.",
        "menu: diners read the menus of examples/menu and order."
      })
  Scene scene = Scene.SHOP;

  @Option(
      names = "--speed",
      paramLabel = "N",
      description = "Events a second when it is busiest (default: 10).")
  double speed = 10;

  @Option(
      names = "--days",
      paramLabel = "N",
      description = "Days of history first; the same days add nothing twice (default: 21).")
  int days = 21;

  @Option(
      names = "--to",
      paramLabel = "DATE",
      description = "Last day of the history, in UTC (default: today).")
  @Nullable LocalDate to;

  @Option(
      names = "--visits",
      paramLabel = "N",
      description = "Visits on a day of the history (default: 300).")
  int visits = 300;

  @Option(
      names = "--for",
      paramLabel = "SECONDS",
      description = "How long to play live; 0: history alone (default: until Ctrl-C).")
  @Nullable Long seconds;

  @Option(names = "--url", paramLabel = "U", description = "URL of a running collector.")
  @Nullable String url;

  @Option(names = "--key", paramLabel = "K", description = "Write key for it.")
  @Nullable String key;

  @Mixin TrustOptions trust = new TrustOptions();
  @Mixin SettingsOptions settings = new SettingsOptions();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    LogSetup.quiet();
    if (speed < 0 || days < 0 || visits < 0) {
      throw new ParameterException(spec.commandLine(), "--speed, --days, --visits: 0 or more");
    }
    if (seconds != null && seconds < 0) {
      throw new ParameterException(spec.commandLine(), "--for: 0 or more seconds");
    }
    if ((url == null) != (key == null)) {
      throw new ParameterException(spec.commandLine(), "--url and --key go together");
    }
    if (url != null && key != null) {
      play(url, key, Optional.empty(), () -> true);
      return 0;
    }
    Configuration configuration = settings.load();
    DataDirectory directory = new DataDirectory(configuration.get(Settings.DATA));
    if (OwnWeir.isRunning(directory)) {
      play(directory, () -> true);
      return 0;
    }
    try (OwnWeir weir = OwnWeir.start(directory, "weir.server.Main", startArguments())) {
      play(directory, weir::isAlive);
    }
    return 0;
  }

  private List<String> startArguments() {
    List<String> arguments = new ArrayList<>();
    add(arguments, "--config", settings.config);
    add(arguments, "--data", settings.data);
    add(arguments, "--host", settings.host);
    add(arguments, "--port", settings.port);
    add(arguments, "--api-port", settings.apiPort);
    add(arguments, "--roles", settings.roles);
    return arguments;
  }

  private static void add(List<String> arguments, String option, @Nullable Object value) {
    if (value != null) {
      arguments.add(option);
      arguments.add(value.toString());
    }
  }

  private static Credentials credentials(DataDirectory directory) throws IOException {
    return Credentials.read(directory.credentials())
        .orElseThrow(() -> new IOException("there is no " + directory.credentials()));
  }

  private void play(DataDirectory directory, BooleanSupplier alive)
      throws IOException, InterruptedException, ConfigurationException {
    Credentials credentials = credentials(directory);
    play(credentials.collector(), credentials.writeKey(), Optional.of(directory), alive);
  }

  private void play(
      String collectorUrl, String writeKey, Optional<DataDirectory> local, BooleanSupplier alive)
      throws IOException, InterruptedException, ConfigurationException {
    Collector.Pause pause = time -> Thread.sleep(time.toMillis());
    try (Collector collector =
        new Collector(
            trust.client(URI.create(collectorUrl), local),
            collectorUrl,
            writeKey,
            Duration.ofMinutes(2),
            System::nanoTime,
            pause)) {
      collector.check();
      Demo demo = new Demo(scene, collector, InstantSource.system(), pause, this::say);
      demo.history(days, to == null ? LocalDate.now(ZoneOffset.UTC) : to, visits);
      if (seconds == null || seconds > 0) {
        say(
            String.format(
                Locale.ROOT,
                "%s at %s, with up to %.0f events a second%s",
                scene.opening(),
                collectorUrl,
                speed,
                ending()));
        demo.live(speed, System.nanoTime(), goesOn(alive));
      }
      say(demo.sent() + " events were sent");
    }
  }

  private String ending() {
    return seconds == null
        ? ". Ctrl-C ends it."
        : ", for " + Amount.of(seconds, "second") + ". Ctrl-C ends it sooner.";
  }

  private BooleanSupplier goesOn(BooleanSupplier alive) {
    AtomicBoolean over = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("demo-stop").unstarted(() -> over.set(true)));
    long start = System.nanoTime();
    long most = 1L << 32;
    long nanos = Duration.ofSeconds(seconds == null ? most : Math.min(seconds, most)).toNanos();
    return () -> !over.get() && alive.getAsBoolean() && System.nanoTime() - start < nanos;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
