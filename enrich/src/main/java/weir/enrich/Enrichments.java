package weir.enrich;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The enrichments of one project, in the order in which each event passes them. Safe for use by
 * several threads.
 *
 * <p>The time that each takes is measured for one event of many, since a look at the clock costs as
 * much as an enrichment.
 */
public final class Enrichments {
  /** In the order in which they run. */
  public static final List<String> NAMES =
      List.of("page", "locale", "agent", "bots", "geo", "internal", "channel", "currency", "ip");

  /** Passes every event as it is. */
  public static final Enrichments NONE = new Enrichments();

  private static final Logger LOG = LoggerFactory.getLogger(Enrichments.class);
  private static final int MEASURED_OF = 256;

  private final Step[] steps;
  private final LongSupplier ticker;
  private final AtomicInteger passed = new AtomicInteger();

  private record Step(Enrichment enrichment, Timer time, Counter failures) {}

  private Enrichments() {
    this.steps = new Step[0];
    this.ticker = () -> 0;
  }

  /**
   * @param ticker nanoseconds, for durations
   */
  public Enrichments(List<Enrichment> all, LongSupplier ticker, MeterRegistry metrics) {
    this.ticker = ticker;
    List<Step> made = new ArrayList<>();
    for (Enrichment each : all) {
      made.add(
          new Step(
              each,
              Timer.builder("weir_enrich_seconds")
                  .description("Time of an enrichment for one event; measured for one of many")
                  .tag("enrichment", each.name())
                  .register(metrics),
              Counter.builder("weir_enrich_failures")
                  .description("Events that an enrichment failed at, and that went on without it")
                  .tag("enrichment", each.name())
                  .register(metrics)));
    }
    this.steps = made.toArray(Step[]::new);
  }

  /** The enrichments, in order. */
  public List<Enrichment> all() {
    List<Enrichment> all = new ArrayList<>();
    for (Step step : steps) {
      all.add(step.enrichment());
    }
    return all;
  }

  /** Fills an event; the first verdict that does not let it pass ends it. */
  public Verdict apply(Draft event) {
    if (steps.length == 0) {
      return Verdict.PASS;
    }
    boolean measured = passed.incrementAndGet() % MEASURED_OF == 0;
    for (Step step : steps) {
      Verdict verdict = measured ? measured(step, event) : run(step, event);
      if (!(verdict instanceof Verdict.Pass)) {
        return verdict;
      }
    }
    return Verdict.PASS;
  }

  private Verdict measured(Step step, Draft event) {
    long began = ticker.getAsLong();
    Verdict verdict = run(step, event);
    step.time().record(ticker.getAsLong() - began, TimeUnit.NANOSECONDS);
    return verdict;
  }

  private static Verdict run(Step step, Draft event) {
    try {
      return step.enrichment().enrich(event);
    } catch (RuntimeException | StackOverflowError e) {
      step.failures().increment();
      LOG.error("the enrichment {} failed at an event, which goes on", step.enrichment().name(), e);
      return Verdict.PASS;
    }
  }
}
