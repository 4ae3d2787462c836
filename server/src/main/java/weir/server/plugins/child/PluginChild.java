package weir.server.plugins.child;

import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.plugin.loading.PluginJar;

/** The process that runs plug-ins: it does what frames on its standard input ask. */
public final class PluginChild {
  /** Longer than any request that the engine makes. */
  private static final long LONGEST = 1L << 30;

  private final InputStream in;
  private final OutputStream out;
  private @Nullable Chain chain;
  private @Nullable Watch watch;
  private @Nullable Limits limits;

  private PluginChild(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Serves until the engine is gone, and ends the process. */
  public static void run() {
    InputStream in = new FileInputStream(FileDescriptor.in);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    PrintStream log =
        new PrintStream(
            new BoundedLines(new FileOutputStream(FileDescriptor.err), System::nanoTime),
            true,
            StandardCharsets.UTF_8);
    System.setIn(InputStream.nullInputStream());
    System.setOut(log);
    System.setErr(log);
    int code = 0;
    try {
      new PluginChild(in, out).serve();
    } catch (EOFException e) {
      code = 0; // the engine is gone
    } catch (Throwable e) {
      log.println("the process of plug-ins ends: " + e);
      code = 1;
    }
    Runtime.getRuntime().halt(code);
  }

  private void serve() throws IOException {
    while (true) {
      FrameInput frame = FrameInput.read(in, LONGEST);
      switch (frame.kind()) {
        case Kind.LOOK -> look(Path.of(frame.text()));
        case Kind.OPEN -> open(frame);
        case Kind.EVENTS -> process(frame);
        default -> throw new IOException("a frame of the kind " + frame.kind());
      }
    }
  }

  private void look(Path jar) throws IOException {
    try (PluginJar opened = PluginJar.open(jar)) {
      FrameOutput answer = new FrameOutput().integer(opened.plugins().size());
      for (PluginJar.Found each : opened.plugins()) {
        answer.text(each.name()).text(each.version()).text(each.description());
      }
      answer.send(out, Kind.FOUND);
    } catch (IOException | RuntimeException | LinkageError e) {
      new FrameOutput()
          .integer(0)
          .text(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString())
          .send(out, Kind.REFUSED);
    }
  }

  private void open(FrameInput frame) throws IOException {
    Limits read = Limits.read(frame);
    Watch made = new Watch(out, read);
    limits = read;
    watch = made;
    made.start();
    try {
      Chain opened = Chain.open(frame, read, made);
      chain = opened;
      List<String> versions = opened.versions();
      FrameOutput answer = new FrameOutput().integer(versions.size());
      for (String version : versions) {
        answer.text(version);
      }
      answer.send(out, Kind.READY);
    } catch (Chain.Refused e) {
      new FrameOutput()
          .integer(e.plugin())
          .text(String.valueOf(e.getMessage()))
          .send(out, Kind.REFUSED);
    }
  }

  private void process(FrameInput frame) throws IOException {
    Chain opened = chain;
    Watch watching = watch;
    Limits bounds = limits;
    if (opened == null || watching == null || bounds == null) {
      throw new IOException("events before plug-ins");
    }
    boolean announce = frame.small() != 0;
    long bytes = frame.number();
    int events = frame.count();
    FrameOutput results = new FrameOutput();
    long began = System.nanoTime();
    int done = 0;
    while (done < events) {
      opened.run(done, OpenedEvent.read(frame), results, announce ? out : null);
      done++;
      if (results.size() >= bytes || System.nanoTime() - began > bounds.batch().toNanos()) {
        break;
      }
    }
    watching.rests();
    FrameOutput answer = new FrameOutput().integer(done);
    answer.append(results);
    opened.writeCounts(answer);
    answer.send(out, Kind.RESULTS);
  }
}
