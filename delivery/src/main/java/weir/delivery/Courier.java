package weir.delivery;

import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.log.PositionReleasedException;
import weir.tap.Chunk;
import weir.tap.CleanEvents;
import weir.tap.Framing;

/**
 * Brings batches to their receivers, one step of one delivery at a time.
 *
 * <p>What a step has decided is in the database before the next one begins: a batch is cut, with
 * the id of its request, before it is sent, and the position moves with what became of it. So
 * whenever the process ends, what was not answered for is sent again as it was, and nothing is left
 * out.
 *
 * <p>A batch that the receiver does not want (400, 413, 422) is cut in half until it goes, or one
 * event is left, which becomes a dead letter; after what was taken, batches double again.
 */
final class Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Courier.class);

  /** Events that come within it go out together. */
  static final Duration LINGER = Duration.ofSeconds(1);

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  /** How often a position is kept that has passed other events alone. */
  private static final Duration KEEP_PASSED = Duration.ofSeconds(10);

  private final DeliveryStore store;
  private final DeadLetters letters;
  private final CleanEvents events;
  private final Sender sender;
  private final BiPredicate<String, String> mayGoOn;
  private final DeliveryOptions options;
  private final InstantSource clock;
  private final DeliveryMetrics metrics;
  private final IntervalFunction backoff;

  /** One reads the log at a time, so that deliveries take one processor from others at most. */
  private final ReentrantLock reading = new ReentrantLock();

  private final Map<String, Passed> passed = new ConcurrentHashMap<>();

  /** Those that wait for events, as they are kept: looking for more asks the log alone. */
  private final Map<String, Delivery> idle = new ConcurrentHashMap<>();

  /** Up to where a delivery found nothing to bring, beyond what is kept of it. */
  private record Passed(Position from, Position to, Instant keptAt) {}

  /**
   * @param mayGoOn whether a project is open and the key of an id in force
   */
  Courier(
      DeliveryStore store,
      DeadLetters letters,
      CleanEvents events,
      Sender sender,
      BiPredicate<String, String> mayGoOn,
      DeliveryOptions options,
      InstantSource clock,
      DeliveryMetrics metrics) {
    this.store = store;
    this.letters = letters;
    this.events = events;
    this.sender = sender;
    this.mayGoOn = mayGoOn;
    this.options = options;
    this.clock = clock;
    this.metrics = metrics;
    this.backoff =
        IntervalFunction.ofExponentialRandomBackoff(
            FIRST_WAIT, 2.0, 0.3, options.longestWait().plus(FIRST_WAIT));
  }

  /**
   * Does the next thing there is to do for a delivery.
   *
   * @param told whether it may have been changed since its last step, by others than this
   * @return how long to wait before the next; empty if it rests or is gone
   */
  Optional<Duration> step(String id, boolean told) throws IOException, InterruptedException {
    Delivery waiting = idle.remove(id);
    if (waiting != null && !told) {
      return look(waiting);
    }
    Delivery delivery = store.find(id).filter(each -> !each.paused()).orElse(null);
    if (delivery == null) {
      passed.remove(id);
      return Optional.empty();
    }
    if (!mayGoOn.test(delivery.project(), delivery.madeBy())) {
      store.revoked(
          delivery, "the key that answers for it was revoked; resume it with another one");
      return Optional.empty();
    }
    Optional<DeadLetter> wanted = letters.nextWanted(id);
    if (wanted.isPresent()) {
      deliverAgain(delivery, wanted.get());
      return Optional.of(Duration.ZERO);
    }
    return look(delivery);
  }

  private Optional<Duration> look(Delivery delivery) throws IOException, InterruptedException {
    try {
      if (delivery.pending().isEmpty()) {
        return Optional.of(begin(delivery));
      }
      Delivery.Pending batch = delivery.pending().get();
      Duration left = left(delivery, batch);
      if (left.isPositive()) {
        return Optional.of(left);
      }
      carry(delivery, batch);
      return Optional.of(Duration.ZERO);
    } catch (PositionReleasedException e) {
      skip(delivery);
      return Optional.of(Duration.ZERO);
    }
  }

  /**
   * How long a batch that has failed still waits. Where the clock was set back behind that failure,
   * it says nothing of it any more, and the batch is due.
   */
  private Duration left(Delivery delivery, Delivery.Pending batch) {
    Instant now = clock.instant();
    boolean waits =
        batch.attempts() > 0 && delivery.last().filter(last -> now.isBefore(last.at())).isEmpty();
    return waits ? Duration.between(now, batch.nextAt()) : Duration.ZERO;
  }

  private void skip(Delivery delivery) throws IOException {
    Position to = events.earliest();
    LOG.warn(
        "the delivery {} of {} was too far behind: it goes on at {}",
        delivery.name(),
        delivery.project(),
        to);
    metrics.gap();
    passed.remove(delivery.id());
    store.skip(
        delivery,
        to,
        "it was too far behind: events between the positions "
            + delivery.position()
            + " and "
            + to
            + " are kept no more for readers (taps.held_log, taps.age); SQL has them",
        letters);
  }

  private Duration begin(Delivery delivery) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Passed before = passed(delivery, now);
    Position from = before.to();
    Chunk chunk = read(delivery, from);
    if (chunk.events() == 0) {
      pass(delivery, chunk.next(), now, before);
      return chunk.atEnd() ? LINGER : Duration.ZERO;
    }
    if (!from.equals(delivery.position())) {
      store.passed(delivery.id(), from);
      passed.remove(delivery.id());
    }
    store.begin(
        delivery, new Delivery.Pending(Ids.request(), chunk.next(), chunk.events(), now, 0, now));
    return Duration.ZERO;
  }

  private Chunk read(Delivery delivery, Position from) throws IOException {
    reading.lock();
    try {
      return events.read(
          from,
          delivery.target().filter(delivery.project()),
          Framing.LINES,
          delivery.size(),
          options.batchBytes());
    } finally {
      reading.unlock();
    }
  }

  private Passed passed(Delivery delivery, Instant now) {
    Passed known = passed.get(delivery.id());
    return known != null && known.from().equals(delivery.position())
        ? known
        : new Passed(delivery.position(), delivery.position(), now);
  }

  /** Events of others are passed without a write for each look. */
  private void pass(Delivery delivery, Position to, Instant now, Passed before) {
    boolean keeps =
        !to.equals(delivery.position())
            && Duration.between(before.keptAt(), now).abs().compareTo(KEEP_PASSED) >= 0;
    if (keeps) {
      store.passed(delivery.id(), to);
    } else {
      idle.put(delivery.id(), delivery);
    }
    passed.put(
        delivery.id(),
        keeps ? new Passed(to, to, now) : new Passed(before.from(), to, before.keptAt()));
  }

  /** From where on a delivery has not looked. */
  Position reached(Delivery delivery) {
    return passed(delivery, delivery.createdAt()).to();
  }

  private void carry(Delivery delivery, Delivery.Pending batch)
      throws IOException, InterruptedException {
    Chunk chunk;
    reading.lock();
    try {
      chunk =
          events.readAgain(
              delivery.position(),
              batch.to(),
              delivery.target().filter(delivery.project()),
              Framing.LINES);
    } finally {
      reading.unlock();
    }
    byte[] body = Envelope.of(delivery, "weir.events", batch.at(), chunk.bytes());
    Sender.Answer answer = post(delivery, batch.id(), body);
    settle(delivery, batch, body, answer);
  }

  /** Sends a body with its signature. */
  Sender.Answer post(Delivery delivery, String id, byte[] body) throws InterruptedException {
    Instant now = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "Weir");
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", String.valueOf(now.getEpochSecond()));
    headers.put("webhook-signature", delivery.secrets().sign(id, now, body));
    long began = metrics.now();
    Sender.Answer answer = sender.post(delivery.target().url(), headers, body);
    metrics.answered(answer, began);
    return answer;
  }

  private void settle(
      Delivery delivery, Delivery.Pending batch, byte[] body, Sender.Answer answer) {
    int status = answer instanceof Sender.Answered answered ? answered.status() : 0;
    String words = answer.words();
    if (answer.isTaken()) {
      store.taken(delivery, batch, words);
      metrics.delivered(batch.events());
    } else if (status == 410) {
      store.gone(delivery, batch, words, "the receiver answered 410: it wants nothing more");
    } else if (isUnwanted(status) && batch.events() > 1) {
      store.split(delivery, batch, words);
    } else if (isUnwanted(status) || batch.attempts() + 1 >= options.attempts()) {
      LOG.warn(
          "{} events of the delivery {} of {} become a dead letter: {}",
          batch.events(),
          delivery.name(),
          delivery.project(),
          words);
      store.giveUp(delivery, batch, body, words, letters);
      metrics.deadLetter();
    } else {
      store.failed(delivery, batch, wait(batch.attempts() + 1, answer), words);
    }
  }

  private static boolean isUnwanted(int status) {
    return status == 400 || status == 413 || status == 422;
  }

  private Duration wait(int attempt, Sender.Answer answer) {
    Duration own = Duration.ofMillis(backoff.apply(attempt));
    Duration bounded = own.compareTo(options.longestWait()) > 0 ? options.longestWait() : own;
    return answer instanceof Sender.Answered answered
            && answered.retryAfter().isPresent()
            && answered.retryAfter().get().compareTo(bounded) > 0
        ? answered.retryAfter().get()
        : bounded;
  }

  private void deliverAgain(Delivery delivery, DeadLetter letter) throws InterruptedException {
    Optional<byte[]> body = letters.body(delivery.id(), letter.id());
    if (body.isEmpty()) {
      return;
    }
    Sender.Answer answer = post(delivery, letter.request(), body.get());
    store.answered(delivery.id(), answer.words());
    if (answer.isTaken()) {
      letters.delete(delivery.id(), letter.id());
      metrics.delivered(letter.events());
    } else {
      letters.refused(letter.id(), answer.words());
    }
  }
}
