package weir.tools.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.config.Configuration;
import weir.config.Setting;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.directory.RoleFile;

/** Ports, what runs on them, and the clock. */
final class NetworkCheck {
  private static final Instant EARLIEST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2100-01-01T00:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration SKEW = Duration.ofSeconds(3);

  private final DataDirectory directory;
  private final Configuration settings;
  private final InstantSource clock;

  NetworkCheck(DataDirectory directory, Configuration settings, InstantSource clock) {
    this.directory = directory;
    this.settings = settings;
    this.clock = clock;
  }

  List<Finding> examine() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    Optional<RoleFile> collector = running(Role.COLLECT);
    findings.add(
        port("port of the collector", Settings.COLLECT_HOST, Settings.COLLECT_PORT, collector));
    findings.add(
        port("port of the API", Settings.API_HOST, Settings.API_PORT, running(Role.ENGINE)));
    if (settings.get(Settings.API_POSTGRES_PORT) != 0) {
      findings.add(postgres(running(Role.ENGINE).isPresent()));
    }
    findings.add(clock(collector));
    return findings;
  }

  private Optional<RoleFile> running(Role role) {
    try {
      return RoleFile.read(directory.roleFile(role)).filter(RoleFile::isAlive);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Finding port(
      String subject, Setting<String> host, Setting<Integer> port, Optional<RoleFile> ours) {
    if (ours.isPresent()) {
      String found =
          ours.get().port() + ", served by process " + ours.get().pid() + " of this Weir";
      return Finding.ok(subject, found);
    }
    InetSocketAddress address = new InetSocketAddress(settings.get(host), settings.get(port));
    if (address.isUnresolved()) {
      return Finding.fail(
          subject, "there is no host " + address.getHostString(), "correct " + host.key());
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(address);
      return Finding.ok(subject, address.getPort() + " is free");
    } catch (IOException e) {
      return Finding.fail(
          subject,
          address.getPort() + " cannot be had: " + e.getMessage(),
          "something else uses it: stop that, or set " + port.key());
    }
  }

  private Finding postgres(boolean running) {
    String subject = "port for PostgreSQL clients";
    if (!running) {
      return port(subject, Settings.API_HOST, Settings.API_POSTGRES_PORT, Optional.empty());
    }
    int port = settings.get(Settings.API_POSTGRES_PORT);
    try (Socket socket = new Socket()) {
      String host = settings.get(Settings.API_HOST);
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(PATIENCE.toMillis()));
      return Finding.ok(subject, port + " is served");
    } catch (IOException e) {
      return Finding.fail(
          subject,
          port + " is not served by the running Weir: " + e.getMessage(),
          "restart it, so that it takes " + Settings.API_POSTGRES_PORT.key());
    }
  }

  private Finding clock(Optional<RoleFile> collector) throws InterruptedException {
    Instant now = clock.instant();
    if (now.isBefore(EARLIEST) || now.isAfter(LATEST)) {
      return Finding.fail("clock", "it says " + now, "set it, and let NTP keep it");
    }
    Optional<Instant> theirs = Optional.empty();
    if (collector.isPresent()) {
      String host = settings.get(Settings.COLLECT_HOST);
      theirs = serverTime((host.equals("0.0.0.0") ? "127.0.0.1" : host), collector.get().port());
    }
    if (theirs.isEmpty()) {
      return Finding.ok("clock", "it says " + now);
    }
    Duration skew = Duration.between(theirs.get(), clock.instant()).abs();
    return skew.compareTo(SKEW) <= 0
        ? Finding.ok("clock", "it says " + now + ", as the running collector's does")
        : Finding.warn(
            "clock",
            "it is " + skew.toSeconds() + " s off the running collector's",
            "let NTP keep both, or events get wrong times");
  }

  private static Optional<Instant> serverTime(String host, int port) throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<Void> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/health"))
                  .timeout(PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.discarding());
      return answer
          .headers()
          .firstValue("Date")
          .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
