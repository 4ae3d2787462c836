package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private long nanos = -5; // a ticker's origin is anybody's
  private final KeyUsage usage = KeyUsage.inMemory(() -> NOW);
  private final Admission admission = new Admission(() -> nanos, usage);

  private static WriteKey key(String rules) {
    return new WriteKey("k", "p", "s", true, KeyRules.parse(rules.replace('\'', '"')));
  }

  private @Nullable Refusal atHead(WriteKey key, @Nullable String origin, String address) {
    return admission.atHead(key, () -> origin, () -> address);
  }

  private static String code(@Nullable Refusal refusal) {
    return refusal == null ? "" : refusal.code();
  }

  @Test
  void aKeyWithoutRulesMayAll() {
    WriteKey free = new WriteKey("k", "p", "s", true);
    assertThat(
            admission.atHead(
                free,
                () -> {
                  throw new AssertionError("nobody needs the origin");
                },
                () -> {
                  throw new AssertionError("nobody needs the address");
                }))
        .isNull();
    assertThat(admission.take(free, Integer.MAX_VALUE)).isNull();
    assertThat(usage.events("k")).isZero();
  }

  @Test
  void aBucketEmptiesAndFills() {
    WriteKey key = key("{'events_per_second':10,'burst':20}");
    for (int i = 0; i < 20; i++) {
      assertThat(admission.take(key, 1)).as("event " + i).isNull();
    }
    Refusal refused = admission.take(key, 1);
    assertThat(code(refused)).isEqualTo("rate_limited");
    assertThat(refused)
        .extracting(Refusal::status, Refusal::retryAfterSeconds)
        .containsExactly(429, 1);
    assertThat(code(atHead(key, null, ""))).isEqualTo("rate_limited");
    nanos += TimeUnit.MILLISECONDS.toNanos(100) - 1;
    assertThat(admission.take(key, 1)).isNotNull();
    nanos += 1;
    assertThat(atHead(key, null, "")).isNull();
    assertThat(admission.take(key, 1)).isNull();
    assertThat(admission.take(key, 1)).isNotNull();
    nanos += TimeUnit.DAYS.toNanos(1);
    for (int i = 0; i < 20; i++) {
      assertThat(admission.take(key, 1)).isNull();
    }
    assertThat(admission.take(key, 1)).as("a pause saves no more than the bucket").isNotNull();
  }

  @Test
  void aLargeBatchIsLetInAndPaidForAfterwards() {
    WriteKey key = key("{'events_per_second':10,'burst':20}");
    assertThat(admission.take(key, 70)).isNull();
    Refusal refused = Objects.requireNonNull(admission.take(key, 1));
    assertThat(refused.retryAfterSeconds()).as("50 owed and one more").isEqualTo(6);
    nanos += TimeUnit.MILLISECONDS.toNanos(5_099);
    assertThat(admission.take(key, 1)).isNotNull();
    nanos += TimeUnit.MILLISECONDS.toNanos(1);
    assertThat(admission.take(key, 1)).isNull();
  }

  @Test
  void whatCannotBeReadCountsTowardsTheRate() {
    WriteKey key = key("{'events_per_second':1,'burst':2,'monthly_quota':5}");
    admission.wasted(key);
    admission.wasted(key);
    assertThat(code(atHead(key, null, ""))).isEqualTo("rate_limited");
    assertThat(usage.events("k")).isZero();
  }

  @Test
  void otherRulesAreInForceAtOnceAndTheSameKeepTheBucket() {
    WriteKey slow = key("{'events_per_second':1,'burst':1}");
    assertThat(admission.take(slow, 1)).isNull();
    assertThat(admission.take(key("{'burst':1,'events_per_second':1}"), 1)).isNotNull();
    assertThat(admission.take(key("{'events_per_second':5}"), 1)).isNull();
    assertThat(admission.take(key("{}"), 1_000)).isNull();
  }

  @Test
  void aQuotaIsOfEvents() {
    WriteKey key = key("{'monthly_quota':10}");
    assertThat(admission.take(key, 8)).isNull();
    Refusal refused = Objects.requireNonNull(admission.take(key, 3));
    assertThat(code(refused)).isEqualTo("quota_exceeded");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(NOW.plusSeconds(refused.retryAfterSeconds()))
        .isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(atHead(key, null, "")).isNull();
    assertThat(admission.take(key, 2)).isNull();
    assertThat(code(atHead(key, null, ""))).isEqualTo("quota_exceeded");
    admission.giveBack(key, 2);
    assertThat(admission.take(key, 2)).isNull();
    assertThat(code(atHead(key("{'monthly_quota':20}"), null, ""))).isEmpty();
  }

  @Test
  void pagesOfOtherOriginsAreRefused() {
    WriteKey key = key("{'origins':['https://shop.example','null']}");
    assertThat(atHead(key, "https://shop.example", "")).isNull();
    assertThat(atHead(key, "null", "")).isNull();
    assertThat(atHead(key, null, "")).as("no page").isNull();
    Refusal refused = Objects.requireNonNull(atHead(key, "https://evil.example", ""));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("origin_not_allowed");
    assertThat(refused.message()).contains("https://evil.example", "./weir key change");
    WriteKey strict = key("{'require_origin':true}");
    assertThat(atHead(strict, "https://any.example", "")).isNull();
    assertThat(code(atHead(strict, null, ""))).isEqualTo("origin_not_allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7,true",
    "203.0.113.7:4711,true",
    "::ffff:203.0.113.7,true",
    "203.0.113.66,false",
    "198.51.100.1,false",
    "2001:db8:1::5,true",
    "[2001:db8:1::5]:443,true",
    "2001:db8:1::66,false",
    "2001:db8:2::5,false",
    "::1,false",
    "unknown,false",
    "'',false",
    "[,false"
  })
  void networksAreAllowedAndDenied(String address, boolean allowed) {
    WriteKey key =
        key(
            "{'allow':['203.0.113.0/24','2001:db8:1::/48'],"
                + "'deny':['203.0.113.64/26','2001:db8:1::66']}");
    assertThat(code(atHead(key, null, address))).isEqualTo(allowed ? "" : "address_not_allowed");
  }

  @Test
  void whatIsNotDeniedMay() {
    WriteKey key = key("{'deny':['203.0.113.0/24']}");
    assertThat(code(atHead(key, null, "203.0.113.1"))).isEqualTo("address_not_allowed");
    assertThat(code(atHead(key, null, "198.51.100.1"))).isEmpty();
    assertThat(code(atHead(key, null, "?"))).as("not to be told").isEqualTo("address_not_allowed");
  }
}
