package weir.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import weir.tools.importing.ImportId;

/** Has an import taken out again, and says how that goes on. */
final class ImportUndo {
  private static final long ASK_EVERY_MILLIS = 500;

  private final ImportApi api;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Pause pause;

  /** Waits. */
  interface Pause {
    void of(long millis) throws InterruptedException;
  }

  ImportUndo(ImportApi api, PrintWriter out, PrintWriter err, Pause pause) {
    this.api = api;
    this.out = out;
    this.err = err;
    this.pause = pause;
  }

  int run(String name) throws IOException, InterruptedException {
    if (!ImportId.isOne(name)) {
      err.println("an import is called like 20260131-100000-4f2a9c, not " + name);
      return WeirCommand.USAGE;
    }
    ImportId id = new ImportId(name);
    String said = "";
    JsonNode undo = api.undo(id);
    while (undo.path("state").asText().equals("running")) {
      String now = undo.path("step").asText();
      if (!now.equals(said)) {
        out.println(now);
        out.flush();
        said = now;
      }
      pause.of(ASK_EVERY_MILLIS);
      undo = api.undone(id);
    }
    if (!undo.path("state").asText().equals("done")) {
      err.println("not undone: " + undo.path("problem").asText("nobody knows why"));
      return 1;
    }
    long erased = undo.path("erased").asLong();
    long bad = undo.path("bad_events").asLong();
    out.println(
        Amount.of(erased, "event")
            + " taken out"
            + (bad == 0 ? "" : ", and " + Amount.of(bad, "bad event")));
    if (erased == 0 && bad == 0) {
      out.println(
          "None is stored by this name. Rows that an earlier import had brought belong to that one:"
              + " undo it by its own name, which it said at its end.");
    }
    List<String> snapshots = new ArrayList<>();
    undo.path("snapshots").forEach(each -> snapshots.add(each.asText()));
    if (!snapshots.isEmpty()) {
      out.println(
          "Named snapshots never change: what was there when they were made stays in "
              + String.join(", ", snapshots)
              + "; weir snapshot drop NAME takes one away");
    }
    out.flush();
    return 0;
  }
}
