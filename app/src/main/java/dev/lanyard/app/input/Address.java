package dev.lanyard.app.input;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where to listen: {@code 127.0.0.1:8080}, {@code [::1]:8080}, {@code localhost:0}. */
public record Address(String host, int port) {
  public static final String EXPECTED = "a host and a port such as 127.0.0.1:8080";

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([0-9A-Za-z._-]+)):(\\d{1,5})");

  /** For the command line. */
  public static final class Converter implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
      return parse(text).orElseThrow(() -> new TypeConversionException("expected " + EXPECTED));
    }
  }

  /** Empty when the text is no address. */
  public static Optional<Address> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) return Optional.empty();
    int port = Integer.parseInt(matcher.group(3));
    if (port > 0xffff) return Optional.empty();
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return Optional.of(new Address(host, port));
  }

  public Address withPort(int actual) {
    return new Address(host, actual);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
