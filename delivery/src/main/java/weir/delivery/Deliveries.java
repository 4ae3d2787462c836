package weir.delivery;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;
import weir.event.Position;
import weir.tap.CleanEvents;

/**
 * Deliveries of clean events to webhooks: at least once, each delivery's in order. They run while
 * this is open, and know after a restart where they were. Safe for use by several threads. All may
 * block.
 */
public final class Deliveries implements AutoCloseable {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final int MANY_ATTEMPTS = 5;
  private static final Duration RECENT = Duration.ofDays(1);

  private final DeliveryStore store;
  private final DeadLetters letters;
  private final CleanEvents events;
  private final AddressRules rules;
  private final WebhookSender sender;
  private final Courier courier;
  private final Rounds rounds;
  private final DeliveryMetrics metrics;
  private final DeliveryOptions options;
  private final InstantSource clock;

  /** What there is to know of a delivery beside itself. */
  public record Standing(
      Delivery delivery, long lagBytes, int deadLetters, Optional<String> problem) {}

  /** A delivery that was made, and the secret that its requests are signed with. */
  public record Created(Delivery delivery, String secret) {}

  /** What a receiver says to a request without events. */
  public record Tried(boolean taken, String answer, Duration took) {}

  private Deliveries(
      Jdbi database,
      CleanEvents events,
      BiPredicate<String, String> mayGoOn,
      DeliveryOptions options,
      InstantSource clock,
      MeterRegistry metrics) {
    this.events = events;
    this.options = options;
    this.clock = clock;
    this.store = new DeliveryStore(database, clock);
    this.letters = new DeadLetters(database, clock, options.letterBytes(), options.letterAge());
    this.rules = new AddressRules(options.allowedNetworks(), InetAddress::getAllByName);
    this.metrics = new DeliveryMetrics(metrics);
    this.sender = new WebhookSender(rules, options.timeout(), clock);
    this.courier =
        new Courier(store, letters, events, sender, mayGoOn, options, clock, this.metrics);
    this.rounds = new Rounds(courier::step, letters::expire, options.concurrency());
    gauges(metrics);
  }

  private void gauges(MeterRegistry metrics) {
    Gauge.builder("weir.deliveries.active", rounds, Rounds::size)
        .description("Deliveries that are not paused")
        .register(metrics);
    Gauge.builder("weir.deliveries.slow", rounds, Rounds::slow)
        .description("Deliveries that wait for an answer for more than a second")
        .register(metrics);
    Gauge.builder(
            "weir.deliveries.lag",
            this,
            self ->
                self.store.all().stream()
                    .filter(each -> !each.paused())
                    .mapToLong(self::lag)
                    .max()
                    .orElse(0))
        .baseUnit("bytes")
        .description("Clean log that the delivery which is furthest behind has not read")
        .register(metrics);
  }

  /**
   * Goes on with what there is.
   *
   * @param database with the migrations of {@code db/migration/meta} applied
   * @param mayGoOn whether a project is open and the API key of an id in force
   */
  public static Deliveries start(
      Jdbi database,
      CleanEvents events,
      BiPredicate<String, String> mayGoOn,
      DeliveryOptions options,
      InstantSource clock,
      MeterRegistry metrics) {
    Deliveries deliveries = new Deliveries(database, events, mayGoOn, options, clock, metrics);
    deliveries.store.all().stream()
        .filter(each -> !each.paused())
        .forEach(each -> deliveries.rounds.wake(each.id()));
    return deliveries;
  }

  /** Those of a project, by name. */
  public List<Standing> list(String project) {
    return store.of(project).stream().map(this::standing).toList();
  }

  /** One of them. */
  public Standing get(String project, String name) throws DeliveryException {
    return standing(store.named(project, name));
  }

  private long lag(Delivery delivery) {
    return events.lag(courier.reached(delivery));
  }

  private Standing standing(Delivery delivery) {
    long lag = lag(delivery);
    return new Standing(delivery, lag, letters.count(delivery.id()), problem(delivery, lag));
  }

  private Optional<String> problem(Delivery delivery, long lag) {
    if (delivery.paused()) {
      return Optional.of(delivery.why()).filter(why -> !why.isEmpty());
    }
    Optional<DeadLetter> gap =
        letters
            .lastGap(delivery.id())
            .filter(each -> clock.instant().isBefore(each.createdAt().plus(RECENT)));
    if (gap.isPresent()) {
      return Optional.of(gap.get().reason());
    }
    int attempts = delivery.pending().map(Delivery.Pending::attempts).orElse(0);
    String answer = delivery.last().map(Delivery.Last::answer).orElse("");
    if (lag > options.heldLog() / 2 && (attempts > 0 || lag > options.heldLog())) {
      return Optional.of(
          lag
              + " bytes behind; what is further behind than taps.held_log and taps.age say is not"
              + " delivered; the receiver's last answer: "
              + answer);
    }
    return attempts >= MANY_ATTEMPTS
        ? Optional.of(attempts + " attempts have failed; the last answer: " + answer)
        : Optional.empty();
  }

  /** What is wrong with deliveries, for whoever looks after Weir. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (Delivery each : store.all()) {
      problem(each, lag(each))
          .ifPresent(what ->
              problems.add("the delivery " + each.name() + " of " + each.project() + ": " + what));
    }
    return problems;
  }

  /** How many there are. */
  public record Counts(int all, int paused, int deadLetters) {}

  /** How many there are in all projects. */
  public Counts counts() {
    List<Delivery> all = store.all();
    return new Counts(
        all.size(), (int) all.stream().filter(Delivery::paused).count(), letters.count());
  }

  private void check(URI url) throws DeliveryException {
    AddressRules.Checked checked = rules.check(url);
    if (checked.address().isEmpty() && !checked.unknown()) {
      throw new DeliveryException(DeliveryException.Reason.INVALID, checked.why());
    }
  }

  /**
   * Makes one, which begins at a position.
   *
   * @param madeBy the id of the API key that answers for it
   * @throws DeliveryException if its name or its URL may not be, or there are enough
   */
  public Created create(String project, String name, Target target, String madeBy, Position from)
      throws DeliveryException {
    if (!name.matches(NAME)) {
      throw new DeliveryException(
          DeliveryException.Reason.INVALID,
          "a delivery's name has 1 to 100 of letters, digits, '.', '_' and '-', and begins with a"
              + " letter or digit; not '"
              + name
              + "'");
    }
    check(target.url());
    Delivery made = store.create(project, name, target, madeBy, from, options.most());
    rounds.wake(made.id());
    return new Created(made, made.secrets().secret());
  }

  /**
   * Delivers something else, or elsewhere, from the next batch on.
   *
   * @param change makes it of what it is; asked again where others have changed it meanwhile
   */
  public Standing change(String project, String name, UnaryOperator<Target> change)
      throws DeliveryException {
    Delivery delivery;
    Target target;
    do {
      delivery = store.named(project, name);
      target = change.apply(delivery.target());
      check(target.url());
    } while (!store.retarget(delivery, target));
    rounds.wake(delivery.id());
    return get(project, name);
  }

  /** Lets it rest until somebody resumes it; its position stays. */
  public Standing pause(String project, String name) throws DeliveryException {
    Delivery delivery = store.named(project, name);
    store.pause(delivery.id(), "");
    rounds.wake(delivery.id());
    return get(project, name);
  }

  /**
   * Goes on at once, also with what has failed.
   *
   * @param by the id of the API key that answers for it from now on
   */
  public Standing resume(String project, String name, String by) throws DeliveryException {
    Delivery delivery = store.named(project, name);
    store.resume(delivery.id(), by);
    rounds.wake(delivery.id());
    return get(project, name);
  }

  /**
   * A new secret.
   *
   * @param both how long the one before signs too
   */
  public String rotate(String project, String name, Duration both) throws DeliveryException {
    return store.rotate(store.named(project, name).id(), both);
  }

  public void delete(String project, String name) throws DeliveryException {
    Delivery delivery = store.named(project, name);
    store.delete(delivery.id());
    rounds.wake(delivery.id());
  }

  /** Sends a request without events and says what came of it. */
  public Tried tryOut(String project, String name) throws DeliveryException, InterruptedException {
    Delivery delivery = store.named(project, name);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    byte[] body = Envelope.of(delivery, "weir.test", now, new byte[0]);
    long began = metrics.now();
    Sender.Answer answer = courier.post(delivery, Ids.request(), body);
    return new Tried(answer.isTaken(), answer.words(), Duration.ofNanos(metrics.now() - began));
  }

  /**
   * Dead letters, oldest first.
   *
   * @param after the id of the one before; empty for the first
   */
  public List<DeadLetter> deadLetters(String project, String name, String after, int limit)
      throws DeliveryException {
    return letters.list(store.named(project, name).id(), after, limit);
  }

  /** The body that a dead letter's requests bore; empty for a gap, or if there is none. */
  public Optional<byte[]> body(String project, String name, String letter)
      throws DeliveryException {
    return letters.body(store.named(project, name).id(), letter);
  }

  /**
   * Delivers dead letters once more, before what is new; those that are taken go.
   *
   * @param ids none for all
   * @return how many
   */
  public int redeliver(String project, String name, Optional<List<String>> ids)
      throws DeliveryException {
    Delivery delivery = store.named(project, name);
    int wanted = letters.want(delivery.id(), ids);
    rounds.wake(delivery.id());
    return wanted;
  }

  /** Forgets a dead letter; whether it was there. */
  public boolean forget(String project, String name, String letter) throws DeliveryException {
    return letters.delete(store.named(project, name).id(), letter);
  }

  @Override
  public void close() {
    rounds.close();
    sender.close();
  }
}
