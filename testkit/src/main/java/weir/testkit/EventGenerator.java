package weir.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes the events of a shop, as its SDKs would send them to {@code /v1/batch}: about 1 KB each,
 * few names that are frequent and many that are rare, few busy users, sessions of a person on one
 * device, properties of several types, orders with products. The same seed and start give the same
 * bytes. Used by one thread.
 */
public final class EventGenerator {
  /** How far events are apart unless said otherwise. */
  public static final Duration USUAL_STEP = Duration.ofMillis(10);

  private static final int USERS = 20_000;
  private static final int PRODUCTS = 2_000;
  private static final int OPEN_SESSIONS = 200;
  private static final JsonFactory JSON = new JsonFactory();
  private static final List<String> NAMES =
      List.of(
          "",
          "Product Viewed",
          "Product List Viewed",
          "Product Clicked",
          "Products Searched",
          "Product Added",
          "Cart Viewed",
          "Promotion Viewed",
          "Product Removed",
          "Checkout Started",
          "Checkout Step Viewed",
          "Payment Info Entered",
          "Order Completed",
          "Product Added to Wishlist",
          "Coupon Applied",
          "Product Shared",
          "Product Reviewed",
          "Order Refunded",
          "Coupon Denied",
          "Order Cancelled");

  private final SplittableRandom random;
  private final Zipf names = new Zipf(NAMES.size(), 1.1);
  private final Zipf users = new Zipf(USERS, 0.8);
  private final Zipf products = new Zipf(PRODUCTS, 1.0);
  private final List<ShopSession> sessions = new ArrayList<>();
  private final long longestStepNanos;
  private Instant now;

  /** Events that are about {@link #USUAL_STEP} apart, the first at the start. */
  public EventGenerator(long seed, Instant start) {
    this(seed, start, USUAL_STEP);
  }

  /**
   * Events from a start on.
   *
   * @param step how far they are apart on average; their timestamps are whole milliseconds
   */
  public EventGenerator(long seed, Instant start, Duration step) {
    this.random = new SplittableRandom(seed);
    this.now = start;
    this.longestStepNanos = 2 * step.toNanos();
  }

  /** The next event; a random while after the one before it. */
  public GeneratedEvent next() {
    return next(new UUID(random.nextLong(), random.nextLong()).toString());
  }

  /** The next event, under an id of the caller's. */
  public GeneratedEvent next(String id) {
    now = now.plusNanos(random.nextLong(longestStepNanos));
    ShopSession session = session();
    String name = NAMES.get(names.next(random));
    ByteArrayOutputStream out = new ByteArrayOutputStream(1400);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("type", name.isEmpty() ? "page" : "track");
      if (!name.isEmpty()) {
        json.writeStringField("event", name);
      }
      json.writeStringField("messageId", id);
      json.writeStringField("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString());
      session.writeIdentity(json);
      json.writeObjectFieldStart("properties");
      writeProperties(json, name, session);
      json.writeEndObject();
      session.writeContext(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GeneratedEvent(id, name, out.toByteArray());
  }

  /** The body of a batch call of these events. */
  public static byte[] batch(List<GeneratedEvent> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(events.size() * 1400 + 20);
    out.writeBytes("{\"batch\":[".getBytes(StandardCharsets.US_ASCII));
    boolean first = true;
    for (GeneratedEvent event : events) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.writeBytes(event.json());
    }
    out.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private ShopSession session() {
    if (sessions.size() < OPEN_SESSIONS || random.nextInt(25) == 0) {
      if (sessions.size() == OPEN_SESSIONS) {
        sessions.remove(random.nextInt(OPEN_SESSIONS));
      }
      sessions.add(new ShopSession(random, users.next(random), now));
    }
    return sessions.get(random.nextInt(sessions.size()));
  }

  private void writeProperties(JsonGenerator json, String name, ShopSession session)
      throws IOException {
    int product = products.next(random);
    switch (name) {
      case "" -> {
        json.writeStringField("title", "Product " + product + " | Corner Shop");
        json.writeStringField("path", "/product/" + product);
        json.writeStringField("url", "https://shop.example/product/" + product);
        json.writeNumberField("load_ms", 80 + random.nextInt(2000));
      }
      case "Products Searched" -> {
        json.writeStringField("query", "shoes size " + (34 + random.nextInt(14)));
        json.writeNumberField("results", random.nextInt(400));
        json.writeBooleanField("suggested", random.nextInt(3) == 0);
      }
      case "Order Completed", "Order Refunded", "Order Cancelled", "Checkout Started" ->
          writeOrder(json, session);
      case "Product List Viewed", "Cart Viewed" -> {
        json.writeStringField("list_id", "list-" + product % 40);
        json.writeStringField("category", "category " + product % 17);
        writeProducts(json, 2 + random.nextInt(3));
      }
      default -> {
        writeProduct(json, product);
        json.writeNumberField("position", random.nextInt(40));
        json.writeBooleanField("in_stock", random.nextInt(9) > 0);
        json.writeStringField("coupon", random.nextInt(5) == 0 ? "SPRING" : "NONE");
        json.writeNumberField("value", price(product));
        json.writeStringField("currency", "EUR");
      }
    }
  }

  private void writeOrder(JsonGenerator json, ShopSession session) throws IOException {
    json.writeStringField("order_id", "order-" + session.number() + "-" + random.nextInt(1000));
    json.writeNumberField("total", random.nextInt(50_000) / 100.0);
    json.writeNumberField("shipping", random.nextInt(3) * 4.95);
    json.writeStringField("currency", "EUR");
    json.writeBooleanField("first_order", random.nextInt(4) == 0);
    writeProducts(json, 1 + random.nextInt(4));
  }

  private void writeProducts(JsonGenerator json, int count) throws IOException {
    json.writeArrayFieldStart("products");
    for (int i = 0; i < count; i++) {
      json.writeStartObject();
      writeProduct(json, products.next(random));
      json.writeNumberField("quantity", 1 + random.nextInt(3));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeProduct(JsonGenerator json, int product) throws IOException {
    json.writeStringField("product_id", "p-" + product);
    json.writeStringField("sku", "SKU-" + (100_000 + product * 7));
    json.writeStringField("name", "Product " + product);
    json.writeStringField("category", "category " + product % 17);
    json.writeStringField("brand", "brand " + product % 61);
    json.writeNumberField("price", price(product));
  }

  private static double price(int product) {
    return (199 + product * 37 % 20_000) / 100.0;
  }
}
