package weir.tools.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One visit to the shop, page by page: home, catalog, products, cart, checkout, purchase, with ways
 * out everywhere. Customers sign in at the checkout, or have been signed in all along.
 */
final class ShopVisit implements Visit {
  private static final String SHOP = "https://shop.example";

  private enum Stage {
    HOME,
    CATALOG,
    PRODUCT,
    CART,
    CHECKOUT,
    PAYMENT,
    OVER
  }

  private final Visitor visitor;
  private final int device;
  private final Campaign campaign;
  private final SplittableRandom random;
  private final List<Product> cart = new ArrayList<>();
  private Stage stage;
  private boolean signedIn;
  private Product looking;

  ShopVisit(Visitor visitor, SplittableRandom random) {
    this.visitor = visitor;
    this.random = random;
    this.device = random.nextInt(visitor.devices());
    this.campaign = Campaign.any(random);
    this.signedIn = visitor.customer() && random.nextInt(3) == 0;
    this.looking = Product.any(random);
    this.stage =
        campaign.name().equals("looks")
            ? Stage.PRODUCT
            : random.nextInt(4) == 0 ? Stage.CATALOG : Stage.HOME;
  }

  @Override
  public boolean isOver() {
    return stage == Stage.OVER;
  }

  @Override
  public long pause() {
    return 2 + (long) (40 * Math.pow(random.nextDouble(), 3));
  }

  @Override
  public List<ObjectNode> step(Instant now) {
    List<ObjectNode> calls = new ArrayList<>();
    switch (stage) {
      case HOME -> home(calls);
      case CATALOG -> catalog(calls);
      case PRODUCT -> product(calls);
      case CART -> cart(calls);
      case CHECKOUT -> checkout(calls);
      case PAYMENT -> payment(calls);
      case OVER -> throw new IllegalStateException("the visit is over");
    }
    calls.forEach(call -> complete(call, now));
    return calls;
  }

  private boolean chance(double usual) {
    return random.nextDouble() < Math.min(0.97, usual * Math.sqrt(visitor.eagerness()));
  }

  private void home(List<ObjectNode> calls) {
    calls.add(page("Home", "/"));
    stage = chance(0.72) ? Stage.CATALOG : Stage.OVER;
  }

  private void catalog(List<ObjectNode> calls) {
    looking = Product.any(random);
    calls.add(page(looking.category(), "/" + looking.category().toLowerCase(Locale.ROOT)));
    if (random.nextInt(5) == 0) {
      ObjectNode search = track("Products Searched");
      search
          .withObject("/properties")
          .put("query", looking.name())
          .put("results", random.nextInt(30));
      calls.add(search);
    } else {
      ObjectNode list = track("Product List Viewed");
      list.withObject("/properties").put("category", looking.category());
      calls.add(list);
    }
    stage = chance(0.75) ? Stage.PRODUCT : Stage.OVER;
  }

  private void product(List<ObjectNode> calls) {
    calls.add(page(looking.name(), looking.path()));
    ObjectNode viewed = track("Product Viewed");
    viewed.withObject("/properties").setAll(looking.json());
    calls.add(viewed);
    if (chance(0.3)) {
      cart.add(looking);
      ObjectNode added = track("Product Added");
      added.withObject("/properties").setAll(looking.json());
      added.withObject("/properties").put("quantity", 1);
      calls.add(added);
      stage = chance(0.7) ? Stage.CART : Stage.CATALOG;
    } else {
      stage = chance(0.55) ? Stage.CATALOG : cart.isEmpty() ? Stage.OVER : Stage.CART;
    }
  }

  private void cart(List<ObjectNode> calls) {
    calls.add(page("Cart", "/cart"));
    ObjectNode viewed = track("Cart Viewed");
    putOrder(viewed.withObject("/properties"));
    calls.add(viewed);
    stage = chance(0.62) ? Stage.CHECKOUT : random.nextInt(4) == 0 ? Stage.CATALOG : Stage.OVER;
  }

  private void checkout(List<ObjectNode> calls) {
    if (visitor.customer() && !signedIn) {
      signedIn = true;
      ObjectNode identify = call("identify");
      identify
          .withObject("/traits")
          .put("plan", visitor.number() % 7 == 0 ? "club" : "free")
          .put("newsletter", visitor.number() % 3 == 0);
      calls.add(identify);
    }
    calls.add(page("Checkout", "/checkout"));
    ObjectNode started = track("Checkout Started");
    putOrder(started.withObject("/properties"));
    calls.add(started);
    stage = chance(0.74) ? Stage.PAYMENT : Stage.OVER;
  }

  private void payment(List<ObjectNode> calls) {
    if (random.nextInt(14) == 0) {
      ObjectNode failed = track("Payment Failed");
      failed
          .withObject("/properties")
          .put("reason", random.nextBoolean() ? "card declined" : "timeout");
      calls.add(failed);
      stage = random.nextBoolean() ? Stage.PAYMENT : Stage.OVER;
      return;
    }
    ObjectNode order = track("Order Completed");
    ObjectNode properties = order.withObject("/properties");
    properties.put("order_id", "order-" + Long.toString(random.nextLong() >>> 20, 36));
    properties.put("payment", random.nextInt(3) == 0 ? "invoice" : "card");
    putOrder(properties);
    calls.add(order);
    stage = Stage.OVER;
  }

  private void putOrder(ObjectNode properties) {
    double total = 0;
    ArrayNode products = properties.putArray("products");
    for (Product product : cart) {
      products.add(product.json().put("quantity", 1));
      total += product.price();
    }
    properties.put("total", Math.round(total * 100) / 100.0).put("currency", "EUR");
  }

  private ObjectNode page(String name, String path) {
    ObjectNode page = call("page").put("name", name);
    page.withObject("/properties")
        .put("title", name + " | Corner Shop")
        .put("path", path)
        .put("url", SHOP + path)
        .put("referrer", campaign.referrer());
    return page;
  }

  private ObjectNode track(String event) {
    return call("track").put("event", event);
  }

  private static ObjectNode call(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private void complete(ObjectNode call, Instant now) {
    call.put("messageId", new UUID(random.nextLong(), random.nextLong()).toString());
    call.put("timestamp", now.toString());
    call.put("anonymousId", visitor.anonymousId(device));
    if (signedIn) {
      call.put("userId", visitor.userId());
    }
    Device with = visitor.device(device);
    ObjectNode context = call.putObject("context");
    context
        .put("ip", visitor.ip())
        .put("userAgent", with.userAgent())
        .put("locale", visitor.locale())
        .put("timezone", visitor.zone());
    context.putObject("library").put("name", "analytics.js").put("version", "5.3.0");
    context.putObject("screen").put("width", with.width()).put("height", with.height());
    if (!campaign.source().isEmpty()) {
      context
          .putObject("campaign")
          .put("source", campaign.source())
          .put("medium", campaign.medium())
          .put("name", campaign.name());
    }
  }
}
