package weir.testkit;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** A person on one device for a while. */
final class ShopSession {
  private record Device(String userAgent, int width, int height) {}

  private static final List<Device> DEVICES =
      List.of(
          new Device(
              "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/141.0.0.0 Safari/537.36",
              1920,
              1080),
          new Device(
              "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
                  + " like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
              390,
              844),
          new Device(
              "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko)"
                  + " Chrome/141.0.0.0 Mobile Safari/537.36",
              412,
              915),
          new Device(
              "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101"
                  + " Firefox/144.0",
              1512,
              982));
  private static final List<String> LOCALES = List.of("de-DE", "en-GB", "fr-FR", "pl-PL", "en-US");
  private static final List<String> ZONES =
      List.of("Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Warsaw", "America/Chicago");
  private static final List<String> SOURCES = List.of("newsletter", "google", "bing", "partner");

  private final int user;
  private final boolean known;
  private final String anonymousId;
  private final long number;
  private final Device device;
  private final int place;
  private final int campaign;

  ShopSession(SplittableRandom random, int user, Instant start) {
    this.user = user;
    this.known = random.nextInt(10) < 6;
    this.anonymousId = new UUID(user * 0x9E3779B97F4A7C15L, user).toString();
    this.number = start.toEpochMilli();
    this.device = DEVICES.get(random.nextInt(DEVICES.size()));
    this.place = user % LOCALES.size();
    this.campaign = random.nextInt(SOURCES.size() * 3);
  }

  long number() {
    return number;
  }

  void writeIdentity(JsonGenerator json) throws IOException {
    json.writeStringField("anonymousId", anonymousId);
    if (known) {
      json.writeStringField("userId", "user-" + user);
    }
  }

  void writeContext(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("context");
    json.writeStringField("ip", "192.0.2." + user % 250);
    json.writeStringField("userAgent", device.userAgent());
    json.writeStringField("locale", LOCALES.get(place));
    json.writeStringField("timezone", ZONES.get(place));
    json.writeNumberField("sessionId", number);
    json.writeObjectFieldStart("library");
    json.writeStringField("name", "analytics.js");
    json.writeStringField("version", "4.15.2");
    json.writeEndObject();
    json.writeObjectFieldStart("page");
    json.writeStringField("path", "/category/" + user % 17);
    json.writeStringField("url", "https://shop.example/category/" + user % 17 + "?sort=price");
    json.writeStringField("title", "Category " + user % 17 + " | Corner Shop");
    json.writeStringField("referrer", "https://www.google.com/");
    json.writeEndObject();
    if (campaign < SOURCES.size()) {
      json.writeObjectFieldStart("campaign");
      json.writeStringField("source", SOURCES.get(campaign));
      json.writeStringField("medium", campaign == 0 ? "email" : "cpc");
      json.writeStringField("name", "autumn_sale");
      json.writeEndObject();
    }
    json.writeObjectFieldStart("screen");
    json.writeNumberField("width", device.width());
    json.writeNumberField("height", device.height());
    json.writeEndObject();
    json.writeEndObject();
  }
}
