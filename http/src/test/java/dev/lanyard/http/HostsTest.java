package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  private final Hosts hosts =
      Hosts.of("billing", "Api.Example.com", "*.svc.cluster.local", "127.0.0.1", "[::1]");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://billing",
        "http://billing:8080/path?q#f",
        "https://BILLING/",
        "https://api.example.com",
        "https://api.example.com./",
        "http://a.svc.cluster.local",
        "http://a.b.SVC.cluster.local:1",
        "http://user@billing/",
        "http://127.0.0.1:9/",
        "http://[::1]:9/",
      })
  void listed(String uri) {
    assertThat(hosts.test(URI.create(uri))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://billing.example.com",
        "http://example.com",
        "http://evil-api.example.com",
        "http://evilsvc.cluster.local",
        "http://svc.cluster.local",
        "http://.svc.cluster.local",
        "http://a.svc.cluster.local.evil.com",
        "http://billing@evil.com/",
        "http://evil.com/billing",
        "http://evil.com#@billing",
        "http://evil.com?@billing",
        "http://127.0.0.10/",
        "http://1270.0.1/",
        "mailto:a@billing",
        "/billing",
        "file:///billing",
        "http://under_score/",
      })
  void notListed(String uri) {
    assertThat(hosts.test(URI.create(uri))).isFalse();
  }

  @Test
  void nobodyIsListedOnAnEmptyList() {
    assertThat(Hosts.of().test(URI.create("http://billing"))).isFalse();
  }

  @Test
  void whatIsNoHostIsRefused() {
    for (String host :
        List.of("", ".", "*", "*.", "*..", "*.*", "a*", "*a", "a.*.b", ".a", "*..a")) {
      assertThatIllegalArgumentException().as(host).isThrownBy(() -> Hosts.of("fine", host));
    }
  }

  @Test
  void printsItsNames() {
    assertThat(Hosts.of("b", "*.a")).hasToString("[*.a, b]");
  }
}
