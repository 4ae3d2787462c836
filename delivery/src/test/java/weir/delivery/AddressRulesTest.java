package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.Network;

class AddressRulesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[ff02::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[2001:db8::1]",
        "[::127.0.0.1]",
        "[2001::1]"
      })
  void whatIsInsideIsRefused(String host) {
    AddressRules rules = new AddressRules(List.of(), InetAddress::getAllByName);
    AddressRules.Checked checked = rules.check(URI.create("https://" + host + "/x"));
    assertThat(checked.address()).isEmpty();
    assertThat(checked.why()).contains("deliveries.allowed_networks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8.8.8.8", "172.15.0.1", "172.32.0.1", "[2606:4700::1]", "[64:ff9b::808:808]"})
  void whatIsPublicIsReachedByHttpsAlone(String host) {
    AddressRules rules = new AddressRules(List.of(), InetAddress::getAllByName);
    assertThat(rules.check(URI.create("https://" + host)).address()).isPresent();
    assertThat(rules.check(URI.create("http://" + host)).address()).isEmpty();
    assertThat(rules.check(URI.create("http://" + host)).why()).contains("https");
  }

  /** Old ways to write an address are names to the resolver, and judged by what they lead to. */
  @ParameterizedTest
  @ValueSource(strings = {"2130706433", "0x7f000001", "017700000001", "localhost"})
  void otherWaysToWriteLoopbackAreRefused(String host) {
    AddressRules rules = new AddressRules(List.of(), InetAddress::getAllByName);
    assertThat(rules.check(URI.create("https://" + host)).address()).isEmpty();
  }

  @Test
  void theOperatorAllowsNetworks() {
    AddressRules rules =
        new AddressRules(List.of(Network.of("10.1.0.0/16")), InetAddress::getAllByName);
    assertThat(rules.check(URI.create("http://10.1.2.3:8080/x")).address()).isPresent();
    assertThat(rules.check(URI.create("http://10.2.2.3:8080/x")).address()).isEmpty();
  }

  @Test
  void aNameIsLookedUpOnceAndItsAllowedAddressTaken() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    InetAddress inside = InetAddress.getByName("10.0.0.1");
    InetAddress outside = InetAddress.getByName("8.8.8.8");
    AddressRules rules =
        new AddressRules(
            List.of(),
            host ->
                asked.incrementAndGet() == 1
                    ? new InetAddress[] {inside, outside}
                    : new InetAddress[] {inside});
    assertThat(rules.check(URI.create("https://two.example")).address()).contains(outside);
    assertThat(asked).hasValue(1);
    assertThat(rules.check(URI.create("https://two.example")).address())
        .as("what the name leads to now")
        .isEmpty();
  }
}
