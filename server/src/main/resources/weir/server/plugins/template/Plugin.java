package @PACKAGE@;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import weir.plugin.Event;
import weir.plugin.Plugin;
import weir.plugin.Settings;

/**
 * An example: notes a property at each event, and leaves out events of one name.
 *
 * <p>To change events and leave none out, implement {@code weir.plugin.Enrichment}.
 */
public final class @CLASS@ implements Plugin {
  private String note = "";
  private String leaveOut = "";

  @Override
  public String name() {
    return "@NAME@";
  }

  @Override
  public String version() {
    Properties properties = new Properties();
    try (InputStream file = @CLASS@.class.getResourceAsStream("version.properties")) {
      properties.load(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return properties.getProperty("version");
  }

  @Override
  public String description() {
    return "Notes a property at each event, and leaves out events of one name.";
  }

  @Override
  public void open(Settings settings) {
    settings.onlyKnown(Set.of("note", "leave_out"));
    note = settings.text("note", "hello");
    leaveOut = settings.text("leave_out", "");
  }

  @Override
  public List<Event> process(Event event) {
    if (event.name().equals(leaveOut)) {
      return List.of();
    }
    event.setProperty("note", note);
    return List.of(event);
  }
}
