package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import weir.plugin.Event;
import weir.plugin.Plugin;
import weir.plugin.Settings;

class @CLASS@Test {
  private final @CLASS@ plugin = new @CLASS@();

  @Test
  void notesAProperty() {
    plugin.open(new Settings(Map.of("note", "seen")));
    List<Event> events = plugin.process(Event.named("view").set("user_id", "u1"));
    assertEquals("seen", events.get(0).property("note"));
    assertEquals("u1", events.get(0).text("user_id"));
  }

  @Test
  void leavesOutWhatItIsTold() {
    plugin.open(new Settings(Map.of("leave_out", "ping")));
    assertEquals(List.of(), plugin.process(Event.named("ping")));
  }

  @Test
  void refusesSettingsThatItDoesNotKnow() {
    Settings wrong = new Settings(Map.of("nte", "x"));
    assertThrows(IllegalArgumentException.class, () -> plugin.open(wrong));
  }

  @Test
  void isFoundInTheJar() {
    Plugin found = ServiceLoader.load(Plugin.class).findFirst().orElseThrow();
    assertEquals("@NAME@", found.name());
    assertEquals("1.0.0", found.version());
  }
}
