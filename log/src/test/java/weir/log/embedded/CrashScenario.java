package weir.log.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import weir.event.Position;
import weir.log.Appended;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogFailedException;
import weir.log.LogReader;
import weir.log.PositionReleasedException;
import weir.log.files.FileHandle;
import weir.log.files.Files;
import weir.log.files.MemoryFiles;

/**
 * A random life of an embedded log, checked against a list: appends, releases, orderly and sudden
 * ends, power cuts in the midst of anything, failing syncs, a full disk, a garbled published end.
 */
final class CrashScenario {
  private static final Path DIRECTORY = Path.of("/data/log");
  private static final LogOptions OPTIONS = new LogOptions(12_000, 4_000_000, 0, 600_000);
  private static final int STEPS = 60;
  private final MemoryFiles disk = new MemoryFiles();
  private final Files files;
  private final Random random;

  /** What was stored, and what may be, in the order of submission. */
  private final List<Slot> slots = new ArrayList<>();

  private final Map<Long, byte[]> submitted = new HashMap<>();
  private long ids;
  private long released;
  private EventLog log;
  private EventLog other;
  private LogReader follower;
  private int followed;

  private static final class Slot {
    final long id;
    final boolean certain;
    final long position;

    Slot(long id, boolean certain, long position) {
      this.id = id;
      this.certain = certain;
      this.position = position;
    }
  }

  private CrashScenario(long seed, UnaryOperator<Files> wrapper) throws IOException {
    random = new Random(seed);
    files = wrapper.apply(disk);
    log = open();
    other = EmbeddedLog.reader(files, DIRECTORY);
    follower = other.read(Position.START);
  }

  /**
   * Lives one life.
   *
   * @param wrapper around the files that the log sees
   * @throws AssertionError if something acknowledged is lost or something else is there
   */
  static void run(long seed, UnaryOperator<Files> wrapper) throws IOException {
    CrashScenario scenario = new CrashScenario(seed, wrapper);
    for (int i = 0; i < STEPS; i++) {
      scenario.step();
    }
    scenario.powerCut();
    scenario.check();
  }

  private void step() throws IOException {
    switch (random.nextInt(16)) {
      case 0 -> release();
      case 1 -> powerCut();
      case 2 -> powerCutWhileAppending();
      case 3 -> kill();
      case 4 -> reopenInOrder();
      case 5 -> failingSyncs();
      case 6 -> fullDisk();
      case 7 -> follow();
      default -> append();
    }
  }

  private EventLog open() throws IOException {
    return EmbeddedLog.writer(files, DIRECTORY, OPTIONS, InstantSource.system());
  }

  private void append() throws IOException {
    List<byte[]> batch = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      batch.add(frame());
    }
    try {
      switch (log.append(batch)) {
        case Appended.Stored stored -> keep(batch, stored);
        case Appended.Full full -> assertThat(full.why()).isNotBlank();
      }
    } catch (LogFailedException e) {
      batch.forEach(frame -> slots.add(new Slot(id(frame), false, 0)));
    }
  }

  private byte[] frame() {
    int length = 8 + random.nextInt(random.nextInt(100) == 0 ? 500_000 : 2_000);
    byte[] frame = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(frame);
    }
    ByteBuffer.wrap(frame).putLong(ids);
    submitted.put(ids++, frame);
    return frame;
  }

  private static long id(byte[] frame) {
    return ByteBuffer.wrap(frame).getLong();
  }

  private void keep(List<byte[]> batch, Appended.Stored stored) {
    long position = stored.first().value();
    for (byte[] frame : batch) {
      slots.add(new Slot(id(frame), true, position));
      position += FrameCodec.HEADER + frame.length;
    }
    assertThat(stored.end().value()).isEqualTo(position);
  }

  private void release() throws IOException {
    List<Slot> certain = slots.stream().filter(slot -> slot.certain).toList();
    if (certain.isEmpty()) {
      return;
    }
    follow();
    released = Math.max(released, certain.get(random.nextInt(certain.size())).position);
    EventLog side = random.nextBoolean() ? log : other;
    side.releaseBefore(new Position(released));
  }

  private void powerCut() throws IOException {
    disk.crash(random);
    reopenThroughCuts();
  }

  private void powerCutWhileAppending() throws IOException {
    disk.powerOffAfter(random.nextInt(20));
    for (int i = 0; i < 4; i++) {
      append();
      followQuietly();
    }
    powerCut();
  }

  private void reopenThroughCuts() throws IOException {
    while (random.nextInt(3) == 0) {
      disk.powerOffAfter(random.nextInt(8));
      try {
        log = open();
      } catch (IOException e) {
        assertThat(e).hasStackTraceContaining("the power is off");
      }
      disk.crash(random);
    }
    reopen();
  }

  private void kill() throws IOException {
    disk.kill();
    if (random.nextInt(3) == 0) {
      garble();
    }
    reopen();
  }

  private void garble() throws IOException {
    byte[] garbage = new byte[random.nextInt(30)];
    random.nextBytes(garbage);
    try (FileHandle handle = disk.open(DIRECTORY.resolve("durable"))) {
      handle.write(ByteBuffer.wrap(garbage), 0);
    }
  }

  private void reopenInOrder() throws IOException {
    log.close();
    reopen();
  }

  private void reopen() throws IOException {
    log = open();
    check();
    other = EmbeddedLog.reader(files, DIRECTORY);
    follower = other.read(Position.START);
    followed = 0;
    follow();
  }

  private void failingSyncs() throws IOException {
    int first = random.nextInt(4);
    int last = first + random.nextInt(3);
    disk.failSyncs(n -> n >= first && n <= last);
    append();
    append();
    append();
    disk.failSyncs(n -> false);
    if (random.nextBoolean()) {
      kill();
    }
  }

  private void fullDisk() throws IOException {
    disk.capacity(disk.usedBytes() + random.nextInt(5_000));
    append();
    append();
    disk.capacity(Long.MAX_VALUE);
    if (isBroken()) {
      kill();
    }
  }

  private boolean isBroken() {
    try {
      log.append(List.of());
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private void followQuietly() {
    try {
      follow();
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("damaged");
    }
  }

  /** The reader of another process sees what was acknowledged, in order, and nothing else. */
  private void follow() throws IOException {
    List<Slot> certain = slots.stream().filter(slot -> slot.certain).toList();
    try {
      for (LogEntry entry = follower.next(); entry != null; entry = follower.next()) {
        long at = entry.position().value();
        while (followed < certain.size() && certain.get(followed).position < at) {
          assertThat(certain.get(followed++).position).isLessThan(released);
        }
        assertThat(followed).as("a frame that was not acknowledged").isLessThan(certain.size());
        require(entry, certain.get(followed++));
      }
      assertThat(followed).isEqualTo(certain.size());
    } catch (PositionReleasedException e) {
      assertThat(e.earliest().value()).isLessThanOrEqualTo(released);
      follower = other.read(Position.START);
      follow();
    }
  }

  /** All that was acknowledged is there once and in order; what was uncertain is so no more. */
  private void check() throws IOException {
    List<Slot> found = new ArrayList<>();
    int next = 0;
    try (LogReader reader = log.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        LogEntry.Frame frame = frame(entry);
        while (next < slots.size() && slots.get(next).id != id(frame.payload())) {
          requireGone(slots.get(next++));
        }
        assertThat(next).as("a frame that was not submitted here").isLessThan(slots.size());
        Slot slot = slots.get(next++);
        Slot here = new Slot(slot.id, true, frame.position().value());
        require(frame, slot.certain ? slot : here);
        found.add(here);
      }
    }
    while (next < slots.size()) {
      requireGone(slots.get(next++));
    }
    slots.clear();
    slots.addAll(found);
  }

  private void requireGone(Slot slot) {
    assertThat(slot.certain && slot.position >= released)
        .as("frame %s at %s was acknowledged", slot.id, slot.position)
        .isFalse();
  }

  private static LogEntry.Frame frame(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Frame frame -> frame;
      case LogEntry.Damaged damaged -> throw new AssertionError("damaged: " + damaged);
    };
  }

  private void require(LogEntry entry, Slot slot) {
    LogEntry.Frame frame = frame(entry);
    assertThat(frame.position().value()).isEqualTo(slot.position);
    assertThat(id(frame.payload())).isEqualTo(slot.id);
    assertThat(Arrays.equals(frame.payload(), submitted.get(slot.id))).isTrue();
  }
}
