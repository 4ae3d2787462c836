package weir.process;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.decode.Decoded;
import weir.enrich.ProjectEnrichments;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;
import weir.event.EventColumn;
import weir.event.EventTime;

/**
 * Gives pending candidates to the plug-ins of their projects, many at a time, and puts what comes
 * back in their places. Safe for use by several threads.
 */
final class PluginPass {
  private static final Logger LOG = LoggerFactory.getLogger(PluginPass.class);
  private static final String STAGE = "plugin";
  private static final int LONGEST_NAME = 512;

  /** How much more than on the wire a result takes in memory, about. */
  private static final int EXPANSION = 4;

  private final ProjectEnrichments enrichments;

  PluginPass(ProjectEnrichments enrichments) {
    this.enrichments = enrichments;
  }

  private static boolean isPending(@Nullable DecodedEntry entry) {
    return entry != null
        && entry.candidates().stream().anyMatch(Candidate.Pending.class::isInstance);
  }

  /**
   * Entries as their plug-ins leave them, in the same places.
   *
   * @param entries null where one takes too much memory
   * @param allowance about how many bytes their candidates may take in all
   * @return null also where one has come to take too much memory
   */
  List<@Nullable DecodedEntry> apply(List<@Nullable DecodedEntry> entries, long allowance) {
    Map<String, List<DecodedEntry>> byProject = new LinkedHashMap<>();
    for (DecodedEntry entry : entries) {
      if (entry != null && isPending(entry)) {
        byProject.computeIfAbsent(entry.project(), name -> new ArrayList<>()).add(entry);
      }
    }
    if (byProject.isEmpty()) {
      return entries;
    }
    long left = allowance;
    for (DecodedEntry entry : entries) {
      left -= entry == null || isPending(entry) ? 0 : entry.cost();
    }
    Map<DecodedEntry, @Nullable DecodedEntry> done = new IdentityHashMap<>();
    for (List<DecodedEntry> all : byProject.values()) {
      left = applyOfOne(all, left, done);
    }
    List<@Nullable DecodedEntry> result = new ArrayList<>();
    for (DecodedEntry entry : entries) {
      result.add(isPending(entry) ? done.get(entry) : entry);
    }
    return result;
  }

  /** Runs one project's; answers what is left of the allowance. */
  private long applyOfOne(
      List<DecodedEntry> entries, long allowance, Map<DecodedEntry, @Nullable DecodedEntry> done) {
    List<Candidate.Pending> pending = new ArrayList<>();
    for (DecodedEntry entry : entries) {
      pending(entry.candidates()).forEach(pending::add);
    }
    List<Candidate> settled = settle(pending, allowance);
    long left = allowance;
    int from = 0;
    for (DecodedEntry entry : entries) {
      int count = pending(entry.candidates()).size();
      if (from + count > settled.size()) {
        break;
      }
      DecodedEntry whole = with(entry, settled.subList(from, from + count));
      from += count;
      if (whole.cost() <= left) {
        done.put(entry, whole);
        left -= whole.cost();
      }
    }
    return left;
  }

  private static List<Candidate.Pending> pending(List<Candidate> candidates) {
    List<Candidate.Pending> pending = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (candidate instanceof Candidate.Pending each) {
        pending.add(each);
      }
    }
    return pending;
  }

  private static DecodedEntry with(DecodedEntry entry, List<Candidate> settled) {
    List<Candidate> all = new ArrayList<>(entry.candidates().size());
    int next = 0;
    for (Candidate candidate : entry.candidates()) {
      all.add(candidate instanceof Candidate.Pending ? settled.get(next++) : candidate);
    }
    return entry.with(entry.next(), entry.firstIndex(), all);
  }

  /**
   * A slice of a request as its plug-ins leave it, in as many slices as it takes.
   *
   * @param cost a slice ends once its candidates take so many bytes, about
   */
  void apply(DecodedEntry slice, long cost, EntryDecoding.Slices slices) {
    List<Candidate> left = slice.candidates();
    int first = slice.firstIndex();
    while (left.stream().anyMatch(Candidate.Pending.class::isInstance)) {
      List<Candidate> settled = settle(pending(left), cost);
      List<Candidate> ready = new ArrayList<>();
      int used = 0;
      for (Candidate candidate : left) {
        if (!(candidate instanceof Candidate.Pending)) {
          ready.add(candidate);
        } else if (used < settled.size()) {
          ready.add(settled.get(used++));
        } else {
          break;
        }
      }
      left = left.subList(ready.size(), left.size());
      if (left.isEmpty()) {
        slices.accept(slice.with(slice.next(), first, ready));
        return;
      }
      slices.accept(slice.with(slice.position(), first, ready));
      first += ready.size();
    }
    slices.accept(slice.with(slice.next(), first, left));
  }

  /** What the first of them become, at least one of them. */
  private List<Candidate> settle(List<Candidate.Pending> pending, long bytes) {
    String project = pending.get(0).request().project();
    Optional<PluginChain> chain = enrichments.plugins(project);
    List<Candidate> settled = new ArrayList<>(pending.size());
    if (chain.isEmpty()) { // switched off meanwhile
      pending.forEach(each -> settled.add(whole(each, event(each), each.eventId())));
      return settled;
    }
    List<PluginEvent> events = new ArrayList<>(pending.size());
    pending.forEach(each -> events.add(event(each)));
    List<PluginResult> results = chain.get().apply(events, Math.max(1, bytes / EXPANSION));
    for (int i = 0; i < results.size(); i++) {
      settled.add(settled(pending.get(i), results.get(i)));
    }
    return settled;
  }

  private static PluginEvent event(Candidate.Pending pending) {
    return new PluginEvent(
        pending.decoded().columns(),
        pending.decoded().properties(),
        pending.request().source(),
        pending.request().receivedAt());
  }

  private static Candidate settled(Candidate.Pending pending, PluginResult result) {
    return switch (result) {
      case PluginResult.Dropped dropped ->
          new Candidate.Dropped(pending.eventId(), "plugin_" + dropped.plugin());
      case PluginResult.Failed failed -> refused(pending, failed.reason(), failed.message());
      case PluginResult.Events made -> {
        try {
          yield made(pending, made.events());
        } catch (IllegalArgumentException e) {
          LOG.debug("what plug-ins made of {} cannot be taken", pending.eventId(), e);
          yield refused(
              pending,
              "plugin_failed",
              "what the plug-ins made of it cannot be taken: " + e.getMessage());
        }
      }
    };
  }

  private static Candidate made(Candidate.Pending pending, List<PluginEvent> events) {
    List<Candidate.Whole> made = new ArrayList<>(events.size());
    long cost = 0;
    for (int i = 0; i < events.size(); i++) {
      PluginEvent event = events.get(i);
      require(event);
      Candidate.Whole whole =
          whole(pending, event, i == 0 ? pending.eventId() : pending.eventId() + "/" + i);
      made.add(whole);
      cost += whole.cost();
    }
    return made.size() == 1 ? made.get(0) : new Candidate.Several(made, cost);
  }

  private static void require(PluginEvent event) {
    if (!(event.columns().get(EventColumn.EVENT) instanceof String name) || name.isBlank()) {
      throw new IllegalArgumentException("an event needs a name");
    }
    if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "an event's name is longer than " + LONGEST_NAME + " characters");
    }
    Object time = event.columns().get(EventColumn.TIMESTAMP);
    if (time instanceof Long timestamp && !EventTime.isPossible(timestamp, event.receivedAt())) {
      throw new IllegalArgumentException(
          "its time is before 2000 or more than a day ahead of its receipt");
    }
    event.properties().forEach(RequestDecoding::requireProperty);
  }

  /** One without a time of its own has that of the event that it was made of. */
  private static Candidate.Whole whole(
      Candidate.Pending pending, PluginEvent event, String eventId) {
    Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.putAll(event.columns());
    columns.put(EventColumn.EVENT_ID, eventId);
    Object time = pending.decoded().columns().get(EventColumn.TIMESTAMP);
    if (time != null) {
      columns.putIfAbsent(EventColumn.TIMESTAMP, time);
    }
    return RequestDecoding.whole(pending.request().project(), columns, event.properties(), eventId);
  }

  private static Candidate refused(Candidate.Pending pending, String reason, String message) {
    Decoded.Event decoded = pending.decoded();
    return RequestDecoding.refused(pending.request(), decoded, STAGE, reason, message);
  }
}
