package weir.tools.demo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.SplittableRandom;

/** A menu that is open on a phone, and the calls that the tracker makes of it. */
final class TrackedPage {
  private static final String SITE = "https://menus.example";
  private static final String ZONE = "Europe/Berlin";

  private final Diner diner;
  private final Restaurant restaurant;
  private final int table;
  private final SplittableRandom random;
  private final String session;
  private final String page;
  private int events;

  /**
   * @param session the visit's; it ends after half an hour without an event
   */
  TrackedPage(
      Diner diner, Restaurant restaurant, int table, String session, SplittableRandom random) {
    this.diner = diner;
    this.restaurant = restaurant;
    this.table = table;
    this.session = session;
    this.random = random;
    this.page = id(random);
  }

  /** An id as the tracker makes them. */
  static String id(SplittableRandom random) {
    return "%016x%016x".formatted(random.nextLong(), random.nextLong());
  }

  /** The version of the menu that a table's code opens. */
  static String version(int table) {
    return table % 2 == 1 ? "a" : "b";
  }

  ObjectNode view(Instant at) {
    return call("page", at);
  }

  ObjectNode track(String event, Instant at) {
    return call("track", at).put("event", event);
  }

  private ObjectNode call(String type, Instant at) {
    ObjectNode call = JsonNodeFactory.instance.objectNode().put("type", type);
    call.put("messageId", id(random))
        .put("anonymousId", diner.anonymousId())
        .put("timestamp", at.toString())
        .put("channel", "web");
    call.putObject("properties")
        .put("restaurant", restaurant.name())
        .put("menu", version(table))
        .put("table", table);
    putContext(call.putObject("context"));
    return call;
  }

  private void putContext(ObjectNode context) {
    String path = "/" + restaurant.name() + "/" + version(table) + ".html";
    String campaign = "utm_source=qr&utm_medium=table&utm_content=table-" + table;
    context
        .putObject("page")
        .put("url", SITE + path + "?table=" + table + "&" + campaign)
        .put("path", path)
        .put("title", restaurant.title() + ": menu");
    context
        .putObject("campaign")
        .put("source", "qr")
        .put("medium", "table")
        .put("content", "table-" + table);
    context.put("sessionId", session).put("timezone", ZONE);
    context.put("page_id", page).put("sequence", ++events);
    context.putObject("library").put("name", "weir.js").put("version", "0.1.0");
    Diner.Phone phone = diner.phone();
    context
        .putObject("screen")
        .put("width", phone.width())
        .put("height", phone.height())
        .put("innerWidth", phone.width())
        .put("innerHeight", phone.shown());
    context
        .put("locale", diner.home().locale())
        .put("ip", diner.ip())
        .put("userAgent", phone.userAgent());
  }
}
