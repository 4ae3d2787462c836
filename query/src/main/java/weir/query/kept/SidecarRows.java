package weir.query.kept;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.sidecar.Sidecar;
import weir.query.EventView;

/**
 * Rows of some streams, brought from sidecars into the order of person and time: they are counted
 * by partition, written to their partitions, and put in order there, on all cores. Used by one
 * thread.
 */
final class SidecarRows {
  private static final Logger LOG = LoggerFactory.getLogger(SidecarRows.class);

  private final List<Loaded> loaded;

  private SidecarRows(List<Loaded> loaded) {
    this.loaded = loaded;
  }

  /** A part of the table and what lies beside it. */
  record Source(EventView.Part part, Sidecar sidecar) {
    /** How many rows there are of some events. */
    long rows(Set<String> events) {
      long rows = 0;
      for (Sidecar.Events each : sidecar.events()) {
        rows += events.contains(each.event()) ? each.rows() : 0;
      }
      return rows;
    }
  }

  /**
   * What was read beside a part.
   *
   * @param persons of its actors
   * @param blocks by stream; null where it has no rows
   */
  private record Loaded(EventView.Part part, long[] persons, Sidecar.@Nullable Block[] blocks) {}

  /**
   * Reads the sidecars of parts.
   *
   * @param rows how many rows there are
   * @param damaged takes the parts whose rows are to be read elsewhere
   */
  static SidecarRows load(
      List<Source> sources,
      List<EventStream> streams,
      PersonKeys keys,
      long rows,
      List<EventView.Part> damaged) {
    List<String> names = streams.stream().map(EventStream::event).toList();
    @Nullable Loaded[] loaded = new Loaded[sources.size()];
    Partitions.each(sources.size(), rows, () -> i -> loaded[i] = load(sources.get(i), names, keys));
    List<Loaded> good = new ArrayList<>();
    for (int i = 0; i < loaded.length; i++) {
      Loaded each = loaded[i];
      if (each == null) {
        damaged.add(sources.get(i).part());
      } else {
        good.add(each);
      }
    }
    return new SidecarRows(good);
  }

  private static @Nullable Loaded load(Source source, List<String> names, PersonKeys keys) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      places.put(names.get(i), i);
    }
    List<Sidecar.Events> wanted =
        source.sidecar().events().stream()
            .filter(each -> places.containsKey(each.event()))
            .toList();
    Sidecar.@Nullable Block[] blocks = new Sidecar.Block[names.size()];
    if (wanted.isEmpty()) {
      return new Loaded(source.part(), new long[0], blocks);
    }
    try {
      Sidecar.Content content = source.sidecar().read(wanted);
      for (Sidecar.Block block : content.blocks()) {
        blocks[places.getOrDefault(block.events().event(), 0)] = block;
      }
      long[] persons = content.actors();
      for (int i = 0; i < persons.length; i++) {
        persons[i] = keys.key(persons[i]);
      }
      return new Loaded(source.part(), persons, blocks);
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.warn("A sidecar is not used: {}", e.toString());
      return null;
    }
  }

  List<EventView.Part> parts() {
    return loaded.stream().map(Loaded::part).toList();
  }

  /** Which rows there are of each part. */
  PartRows[] described(int stream) {
    PartRows[] described = new PartRows[loaded.size()];
    for (int i = 0; i < described.length; i++) {
      Sidecar.Block block = loaded.get(i).blocks()[stream];
      described[i] = PartRows.NONE;
      if (block != null) {
        Sidecar.Events said = block.events();
        TimeSpan times = new TimeSpan(said.from(), said.to() + 1);
        described[i] = new PartRows(said.rows(), said.first(), said.rows(), times);
      }
    }
    return described;
  }

  /**
   * The rows of a stream in order, partition by partition.
   *
   * @param firstPart the number of the first part
   */
  Rows[] sorted(int stream, int firstPart) {
    List<Loaded> some = loaded.stream().filter(each -> each.blocks()[stream] != null).toList();
    long rows = 0;
    for (Loaded each : some) {
      rows += block(each, stream).events().rows();
    }
    PlacedRuns.Counts counts = new PlacedRuns.Counts(some.size());
    Partitions.each(some.size(), rows, () -> new Counting(some, stream, counts));
    PlacedRuns placed = new PlacedRuns(counts);
    int[] numbers = numbers(some, firstPart);
    Partitions.each(some.size(), rows, () -> new Placing(placed, some, stream, numbers));
    Rows[] sorted = new Rows[Rows.PARTITIONS];
    Partitions.each(rows, () -> partition -> sorted[partition] = placed.sorted(partition));
    return sorted;
  }

  private int[] numbers(List<Loaded> some, int firstPart) {
    int[] numbers = new int[some.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = firstPart + loaded.indexOf(some.get(i));
    }
    return numbers;
  }

  private static Sidecar.Block block(Loaded loaded, int stream) {
    Sidecar.Block block = loaded.blocks()[stream];
    if (block == null) {
      throw new IllegalStateException("no rows of this stream");
    }
    return block;
  }

  /** Runs of rows of one actor each; for one thread. */
  private static final class Runs {
    private int[] actors = new int[0];
    private int[] lengths = new int[0];
    private long[] times = new long[0];

    void read(Sidecar.Block block) {
      if (actors.length < block.runs()) {
        actors = new int[block.runs()];
        lengths = new int[block.runs()];
      }
      block.readRuns(actors, lengths);
    }

    void readTimes(Sidecar.Block block) {
      if (times.length < block.events().rows()) {
        times = new long[block.events().rows()];
      }
      block.readTimes(times);
    }
  }

  /** Counts the rows of a part by partition. */
  private static final class Counting implements IntConsumer {
    private final List<Loaded> parts;
    private final int stream;
    private final PlacedRuns.Counts counts;
    private final Runs runs = new Runs();

    Counting(List<Loaded> parts, int stream, PlacedRuns.Counts counts) {
      this.parts = parts;
      this.stream = stream;
      this.counts = counts;
    }

    @Override
    public void accept(int part) {
      Sidecar.Block block = block(parts.get(part), stream);
      runs.read(block);
      counts.count(part, parts.get(part).persons(), runs.actors, runs.lengths, block.runs());
    }
  }

  /** Writes the runs of a part to their partitions. */
  private static final class Placing implements IntConsumer {
    private final PlacedRuns placed;
    private final List<Loaded> parts;
    private final int stream;
    private final int[] numbers;
    private final Runs runs = new Runs();

    Placing(PlacedRuns placed, List<Loaded> parts, int stream, int[] numbers) {
      this.placed = placed;
      this.parts = parts;
      this.stream = stream;
      this.numbers = numbers;
    }

    @Override
    public void accept(int index) {
      Loaded part = parts.get(index);
      Sidecar.Block block = block(part, stream);
      runs.read(block);
      runs.readTimes(block);
      PlacedRuns.Part ofPart =
          new PlacedRuns.Part(
              numbers[index],
              block.events().first(),
              part.persons(),
              block.runs(),
              runs.actors,
              runs.lengths,
              runs.times);
      placed.place(index, ofPart);
    }
  }
}
