package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.1.2,true",
    "10.0.0.0/8,11.0.0.1,false",
    "192.0.2.4,192.0.2.4,true",
    "192.0.2.4,192.0.2.5,false",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "0.0.0.0/0,1.2.3.4,true",
    "0.0.0.0/0,::1,false"
  })
  void networksHoldTheirAddresses(String network, String address, boolean holds)
      throws IOException {
    assertThat(Network.of(network).contains(InetAddress.getByName(address))).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "::/129", "x/8", "10.0.0.0/", "10.0.0.0/-1", ""})
  void wrongNetworksAreRefused(String network) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Network.of(network))
        .withMessageContaining("is not a network");
  }

  @Test
  void writtenAsItIsRead() {
    assertThat(Network.of("2001:DB8:0::/32")).hasToString("2001:db8::/32");
    assertThat(Network.of("192.0.2.4")).hasToString("192.0.2.4/32");
    assertThat(Network.address("::ffff:192.0.2.4")).isEqualTo(Network.address("192.0.2.4"));
    assertThat(Network.address("localhost")).isNull();
  }
}
