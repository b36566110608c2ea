package dev.lanyard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.context.Context;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code baggage}, W3C Baggage, section 3. */
class BaggageTest {
  private static Baggage parsed(String... headers) {
    return Baggage.parse(List.of(headers));
  }

  private static String numbered(int members) {
    return IntStream.range(0, members)
        .mapToObj(i -> "k" + i + "=v")
        .collect(Collectors.joining(","));
  }

  @Test
  @DisplayName("section 3.2.3: the example with properties is read and goes on")
  void exampleOfTheSpecification() {
    Baggage baggage =
        parsed(
            "key1=value1;property1;property2, key2 = value2, key3=value3; propertyKey=propertyValue");
    assertThat(baggage.get("key1")).isEqualTo("value1");
    assertThat(baggage.get("key2")).isEqualTo("value2");
    assertThat(baggage.get("key3")).isEqualTo("value3");
    assertThat(baggage.get("property1")).isNull();
    assertThat(baggage.get("KEY1")).isNull();
    assertThat(baggage.header())
        .isEqualTo(
            "key1=value1;property1;property2,key2=value2,key3=value3; propertyKey=propertyValue");
  }

  @Test
  @DisplayName("section 3.3: several headers are one list")
  void severalHeadersAreOneList() {
    Baggage baggage = parsed("userId =   alice", "serverNode = DF%2028, isProduction = false");
    assertThat(baggage.get("userId")).isEqualTo("alice");
    assertThat(baggage.get("serverNode")).isEqualTo("DF 28");
    assertThat(baggage.get("isProduction")).isEqualTo("false");
    assertThat(baggage.header()).isEqualTo("userId=alice,serverNode=DF%2028,isProduction=false");
  }

  @ParameterizedTest
  @DisplayName("section 3.2.1: a malformed member is left out and the others stay")
  @ValueSource(
      strings = {
        "",
        " ",
        "k",
        "=v",
        "=",
        ";",
        "k;p=1",
        "k y=v",
        "k=v w",
        "k=v;",
        "k=v;;p",
        "k=v;=1",
        "k=v;p q",
        "k=v;p=1 2",
        "k=v; ",
        "k=\"v\"",
        "k=v\\",
        "k=v\u0000",
        "k=v\r\nX-Evil: 1",
        "k\n=v",
        "k=\u00e4",
        "\u00e4=v",
        "k(=v",
        "k/=v",
        "k@=v",
        "k=v\u00a0",
        "k=v\u007f",
      })
  void malformedMemberIsLeftOut(String member) {
    assertThat(parsed(member).isEmpty()).isTrue();
    assertThat(parsed("a=1," + member + ",b=2").header()).isEqualTo("a=1,b=2");
    assertThat(parsed("a=1", member, "b=2").header()).isEqualTo("a=1,b=2");
  }

  @ParameterizedTest
  @DisplayName("section 3.2.1: these members are valid and go on as they came")
  @ValueSource(
      strings = {
        "k=",
        "k==",
        "k=a=b=c",
        "!#$%&'*+-.^_`|~09azAZ=v",
        "k=!#$%&'()*+-./0123456789:<=>?@AZ[]^_`az{|}~",
        "k=v;p",
        "k=v;p=",
        "k=v;p=a=b",
        "k=v;p=1;p=2;q",
        "k=v;p = 1 ;\tq",
        "k=%",
        "k=%zz",
        "k=%C3%BC",
      })
  void validMemberGoesOnAsItCame(String member) {
    assertThat(parsed(member).header()).isEqualTo(member);
    assertThat(parsed(" \t" + member + "\t ").header()).isEqualTo(member);
  }

  @Test
  @DisplayName("section 3.2.1.3: values are percent-encoded UTF-8, a plus is a plus")
  void valuesAreDecoded() {
    assertThat(parsed("k=%C3%BC%20a%2Cb+c").get("k")).isEqualTo("\u00fc a,b+c");
    assertThat(parsed("k=%c3%bc").get("k")).isEqualTo("\u00fc");
    assertThat(parsed("k=%F0%9F%98%80").get("k")).isEqualTo("\ud83d\ude00");
    assertThat(parsed("k=%FF%41").get("k")).isEqualTo("\ufffdA");
    assertThat(parsed("k=%ED%A0%80").get("k")).matches("\ufffd+");
    assertThat(parsed("k=100%").get("k")).isEqualTo("100%");
    assertThat(parsed("k=%4").get("k")).isEqualTo("%4");
    assertThat(parsed("k=%g1%1g").get("k")).isEqualTo("%g1%1g");
    assertThat(parsed("k=%25%32%30").get("k")).isEqualTo("%20");
  }

  @Test
  @DisplayName("section 3.2.1.3: what is no baggage-octet, and the percent sign, is encoded")
  void valuesAreEncoded() {
    assertThat(Baggage.EMPTY.with("k", "a b,c;d\"e\\f%g\u00fc\n").header())
        .isEqualTo("k=a%20b%2Cc%3Bd%22e%5Cf%25g%C3%BC%0A");
    assertThat(Baggage.EMPTY.with("k", "plain+/=~").header()).isEqualTo("k=plain+/=~");
    assertThat(Baggage.EMPTY.with("k", "").header()).isEqualTo("k=");
    assertThat(Baggage.EMPTY.with("k", "\ud83d").header()).isEqualTo("k=?");
  }

  @Test
  @DisplayName("section 3.2.1.1: members of one name keep their order, and the last is the value")
  void duplicatesAreKept() {
    Baggage baggage = parsed("k=1,other=2,k=3");
    assertThat(baggage.header()).isEqualTo("k=1,other=2,k=3");
    assertThat(baggage.get("k")).isEqualTo("3");
    assertThat(baggage.with("new", "4").header()).isEqualTo("k=1,other=2,k=3,new=4");
    assertThat(baggage.with("k", "4").header()).isEqualTo("other=2,k=4");
    assertThat(baggage.without("k").header()).isEqualTo("other=2");
  }

  @Test
  @DisplayName("section 3.4: members are added, changed and deleted in a copy")
  void changesMakeCopies() {
    Baggage one = Baggage.EMPTY.with("a", "1");
    Baggage two = one.with("b", "2");
    assertThat(Baggage.EMPTY.isEmpty()).isTrue();
    assertThat(one.header()).isEqualTo("a=1");
    assertThat(two.header()).isEqualTo("a=1,b=2");
    assertThat(two.without("a").header()).isEqualTo("b=2");
    assertThat(two.header()).isEqualTo("a=1,b=2");
    assertThat(two.without("c")).isSameAs(two);
    assertThat(one.without("a").isEmpty()).isTrue();
    assertThat(one.isEmpty()).isFalse();
  }

  @Test
  @DisplayName("section 3.2.2: 64 members are carried, those behind them are not")
  void atMost64Members() {
    assertThat(parsed(numbered(64)).header()).isEqualTo(numbered(64));
    assertThat(parsed(numbered(65)).header()).isEqualTo(numbered(64));
    assertThat(parsed(numbered(64), "more=1").header()).isEqualTo(numbered(64));
    assertThat(parsed("bad," + numbered(64)).header()).isEqualTo(numbered(64));
  }

  @Test
  @DisplayName("section 3.2.2: 8192 bytes are carried, what is behind them is not")
  void atMost8192Bytes() {
    String fits = "a=1,k=" + "v".repeat(8186);
    assertThat(fits).hasSize(8192);
    assertThat(parsed(fits).header()).isEqualTo(fits);
    assertThat(parsed(fits + "v").header()).isEqualTo("a=1");
    assertThat(parsed(fits + "v", "b=2").header()).isEqualTo("a=1");
    assertThat(parsed(fits, "b=2").header()).isEqualTo(fits);
    assertThat(parsed(" ".repeat(9_000) + "a=1").header()).isEqualTo("a=1");
  }

  @Test
  void ownMemberHasRoomWhateverWasReceived() {
    Baggage full = parsed(numbered(64)).with("own", "1");
    assertThat(full.get("own")).isEqualTo("1");
    assertThat(full.get("k0")).isNull();
    assertThat(full.get("k1")).isEqualTo("v");

    Baggage large = parsed("a=1,b=2,k=" + "v".repeat(8182)).with("own", "1");
    assertThat(large.header()).startsWith("k=v").endsWith(",own=1").hasSizeLessThan(8193);

    Baggage exact = parsed("a=1,k=" + "v".repeat(8180)).with("b", "2");
    assertThat(exact.header()).hasSize(8192 - 6 + 4);
    assertThat(exact.get("a")).isEqualTo("1");

    String alone = "v".repeat(8190);
    assertThat(parsed("a=1").with("k", alone).header()).isEqualTo("k=" + alone);
  }

  @Test
  void whatCannotBeWrittenIsRefused() {
    for (String name : List.of("", "a b", "a=b", "\u00fc", "a,b", "a\r\n")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Baggage.EMPTY.with(name, "v"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Baggage.EMPTY.with("k", "v".repeat(8191)))
        .withMessageContaining("8193");
  }

  @Test
  void contextCarriesIt() {
    Context plain = Context.background();
    assertThat(Baggage.of(plain)).isSameAs(Baggage.EMPTY);
    Baggage baggage = Baggage.EMPTY.with("tenant", "42");
    assertThat(Baggage.of(plain.withValue(Baggage.KEY, baggage))).isSameAs(baggage);
  }

  @Test
  void equalWhenTheMembersAreAndPrintedWithoutThem() {
    assertThat(parsed("a=1, b = 2"))
        .isEqualTo(parsed("a=1", "b=2"))
        .hasSameHashCodeAs(parsed("a=1,b=2"))
        .isNotEqualTo(parsed("b=2,a=1"))
        .isNotEqualTo("a=1,b=2")
        .hasToString("baggage of 2");
  }
}
